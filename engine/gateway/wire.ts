/**
 * The bytes of gRPC: how each method's messages are read and written, made from our descriptions. protobufjs encodes and decodes
 * without the detour over plain objects that @grpc/proto-loader takes: a job costs 1.2 µs instead of 2.7 µs, and keys stay numbers.
 */
import { isUtf8 } from 'node:buffer'
import { fileURLToPath } from 'node:url'
import protobuf from 'protobufjs'
import type { Codec } from './grpc-server.ts'
import type { Int64 } from './wire-messages.ts'

/** Text that is no UTF-8 would become other text, and two names one. */
class StrictReader extends protobuf.BufferReader {
  override string(): string {
    const bytes = this.bytes()
    if (!isUtf8(bytes)) throw new Error('Expected a text to be UTF-8, but it is not')
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8')
  }
}

function codecOf(service: protobuf.Service, method: protobuf.Method): Codec {
  method.resolve()
  const request = method.resolvedRequestType!
  const reply = method.resolvedResponseType!
  return {
    path: `/${service.fullName.slice(1)}/${method.name}`,
    decode: (bytes) => request.decode(new StrictReader(bytes)),
    encode: (message) => reply.encode(message).finish(),
  }
}

function codecsOf(file: string, name: string): ReadonlyMap<string, Codec> {
  const description = fileURLToPath(new URL(file, import.meta.url))
  const service = new protobuf.Root().loadSync(description, { keepCase: true }).lookupService(name)
  return new Map(service.methodsArray.map((method) => [method.name, codecOf(service, method)]))
}

/** By the name of the call. */
export const gatewayCodecs = codecsOf('gateway.proto', 'gateway_protocol.Gateway')
export const healthCodecs = codecsOf('health.proto', 'grpc.health.v1.Health')

/** Beyond 2^53 a digit may be lost, but no key of ours lies there: the answer is the same NOT_FOUND. */
export const toNumber = (value: Int64): number => (typeof value === 'number' ? value : value.toNumber())
export const toKeyText = (value: Int64): string => String(toNumber(value))
