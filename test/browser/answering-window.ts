/** In the browser: answers, backwards, so that nothing that is remembered between questions can be of help. */
import { answerTo, type Models, type Question } from './answers.ts'

let models: Models = {}
function learn(text: string): void {
  models = JSON.parse(text) as Models
}

/** JSON in and out, so that a text which is no Unicode comes through as it is. */
function answersTo(questions: string): string {
  const asked = JSON.parse(questions) as readonly Question[]
  return JSON.stringify(
    asked
      .toReversed()
      .map((question) => answerTo(question, models))
      .reverse(),
  )
}

Object.assign(globalThis, { learn, answersTo })
