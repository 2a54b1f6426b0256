import { Camunda8 } from '@camunda8/sdk'

const camunda = new Camunda8({
  CAMUNDA_AUTH_STRATEGY: 'NONE',
  ZEEBE_GRPC_ADDRESS: process.env.ZEEBE_GRPC_ADDRESS ?? 'grpc://localhost:26500',
})

camunda.getZeebeGrpcApiClient().createWorker({
  taskType: 'saluto.scrivi',
  taskHandler: (job) => job.complete({ saluto: `Buongiorno, ${job.variables.nome}` }),
})
