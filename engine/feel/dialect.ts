/** `camunda`: what Zeebe's FEEL does, the default for processes and forms. `standard`: DMN 1.5, for other decision models. */
export type Dialect = 'camunda' | 'standard'
