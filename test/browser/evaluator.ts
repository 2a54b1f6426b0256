export { compileExpression, compileUnaryTests, evaluate, fromJson, toJson } from '../../engine/feel/index.ts'
