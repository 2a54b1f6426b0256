/** DMN files for tests, written in a few words. */
export const CLOUD = 'modeler:executionPlatform="Camunda Cloud"'
/** Made for Camunda Cloud unless told otherwise. */
export const file = (content: string, platform = CLOUD): string =>
  `<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" xmlns:modeler="m" id="drg" name="DRG" namespace="n" ${platform}>${content}</definitions>`

export const literal = (text: string): string =>
  `<literalExpression><text><![CDATA[${text}]]></text></literalExpression>`
export const requires = (...ids: readonly string[]): string =>
  ids.map((id) => `<informationRequirement><requiredDecision href="#${id}"/></informationRequirement>`).join('')
export const takes = (...ids: readonly string[]): string =>
  ids.map((id) => `<informationRequirement><requiredInput href="#${id}"/></informationRequirement>`).join('')
export const knows = (...ids: readonly string[]): string =>
  ids.map((id) => `<knowledgeRequirement><requiredKnowledge href="#${id}"/></knowledgeRequirement>`).join('')
export const decision = (id: string, content: string): string =>
  `<decision id="${id}" name="${id}">${content}</decision>`

/** Rules as `test → output; …`. */
export function table(
  attributes: string,
  rules: readonly (readonly [test: string, ...outputs: string[]])[],
  outputs: string,
): string {
  const rows = rules.map(([cell, ...results], index) => {
    const entries = results.map((result) => `<outputEntry><text><![CDATA[${result}]]></text></outputEntry>`).join('')
    return `<rule id="r${index + 1}"><inputEntry><text><![CDATA[${cell}]]></text></inputEntry>${entries}</rule>`
  })
  return `<decisionTable ${attributes}><input id="i" label="x"><inputExpression><text>x</text></inputExpression></input>${outputs}${rows.join('')}</decisionTable>`
}
