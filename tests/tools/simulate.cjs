// Reads requests as a JSON list on standard input and prints what @cloud-copilot/iam-simulate decides for each:
// "allowed", "denied", or an error. NODE_PATH names the folder of the packages.
const { runSimulation, anonymousPrincipal } = require('@cloud-copilot/iam-simulate')

const named = (policies) => policies.map((policy, index) => ({ name: `p${index}`, policy }))

async function decide(question) {
  const simulation = {
    request: {
      principal: question.principal === '*' ? anonymousPrincipal : question.principal,
      action: question.action,
      resource: { resource: question.resource, accountId: question.account },
      contextVariables: question.context,
    },
    identityPolicies: named(question.policy),
    sessionPolicy: question.session,
    serviceControlPolicies: question.scp.map((policy, index) => ({ orgIdentifier: `ou-${index}`, policies: named([policy]) })),
    resourceControlPolicies: [],
    resourcePolicy: question.resource_policy,
    permissionBoundaryPolicies: question.boundary ? named([question.boundary]) : undefined,
  }
  const answer = await runSimulation(simulation, {})
  if (answer.resultType === 'error') return `error: ${JSON.stringify(answer.errors)}`
  const ignored = answer.result?.ignoredContextKeys ?? []
  const note = ignored.length > 0 ? ` (it leaves out ${ignored.join(', ')})` : ''
  return (answer.overallResult === 'Allowed' ? 'allowed' : 'denied') + note
}

async function main() {
  let text = ''
  for await (const chunk of process.stdin) text += chunk
  const answers = []
  for (const question of JSON.parse(text)) answers.push(await decide(question))
  process.stdout.write(JSON.stringify(answers))
}

main()
