/** A small procedure that touches all that REST shows: a start form, a job, a decision, a user task, a message, a called process. */
const head = `<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0"
  xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" id="Definitions" targetNamespace="iter">`

const permit = `${head}
  <message id="Paid" name="paid"><extensionElements><zeebe:subscription correlationKey="=ref"/></extensionElements></message>
  <process id="permit" name="Permit" isExecutable="true"><extensionElements><zeebe:versionTag value="v1"/></extensionElements>
    <startEvent id="asked" name="Asked"><extensionElements><zeebe:formDefinition formId="request"/></extensionElements></startEvent>
    <sequenceFlow id="f1" sourceRef="asked" targetRef="check"/>
    <serviceTask id="check" name="Check"><extensionElements><zeebe:taskDefinition type="check" retries="1"/>
      <zeebe:taskHeaders><zeebe:header key="to" value="clerk"/></zeebe:taskHeaders></extensionElements></serviceTask>
    <sequenceFlow id="f2" sourceRef="check" targetRef="fee"/>
    <businessRuleTask id="fee"><extensionElements><zeebe:calledDecision decisionId="fee" resultVariable="fee"/></extensionElements></businessRuleTask>
    <sequenceFlow id="f3" sourceRef="fee" targetRef="sign"/>
    <userTask id="sign" name="Sign"><extensionElements><zeebe:userTask/><zeebe:formDefinition formId="request"/>
      <zeebe:assignmentDefinition candidateGroups="clerks"/><zeebe:taskSchedule dueDate="2030-01-02T03:04:05+01:00"/></extensionElements></userTask>
    <sequenceFlow id="f4" sourceRef="sign" targetRef="pay"/>
    <callActivity id="pay" name="Pay"><extensionElements><zeebe:calledElement processId="payment"/></extensionElements></callActivity>
    <sequenceFlow id="f5" sourceRef="pay" targetRef="done"/><endEvent id="done"/>
  </process></definitions>`

const payment = `${head}
  <message id="Paid" name="paid"><extensionElements><zeebe:subscription correlationKey="=ref"/></extensionElements></message>
  <process id="payment" isExecutable="true"><startEvent id="due"/><sequenceFlow id="f1" sourceRef="due" targetRef="wait"/>
    <intermediateCatchEvent id="wait"><messageEventDefinition messageRef="Paid"/></intermediateCatchEvent>
    <sequenceFlow id="f2" sourceRef="wait" targetRef="paid"/><endEvent id="paid"/></process></definitions>`

const fee = `<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="fees" name="Fees" namespace="http://camunda.org/schema/1.0/dmn">
  <decision id="fee" name="Fee"><decisionTable id="table" hitPolicy="FIRST">
    <input id="in" label="Kind"><inputExpression id="kind" typeRef="string"><text>kind</text></inputExpression></input>
    <output id="out" name="fee" typeRef="number"/>
    <rule id="r1"><inputEntry id="i1"><text>"shop"</text></inputEntry><outputEntry id="o1"><text>16.00</text></outputEntry></rule>
    <rule id="r2"><inputEntry id="i2"><text>-</text></inputEntry><outputEntry id="o2"><text>0</text></outputEntry></rule>
  </decisionTable></decision></definitions>`

const request = JSON.stringify({
  ...{ id: 'request', type: 'default', schemaVersion: 18, executionPlatform: 'Camunda Cloud' },
  components: [{ type: 'textfield', id: 'kind', key: 'kind', label: 'Kind' }],
})

/** File names and contents, as one deployment. */
export const everything: Readonly<Record<string, string>> = {
  'permit.bpmn': permit,
  'payment.bpmn': payment,
  'fee.dmn': fee,
  'request.form': request,
}
