"""Reads a glance with nothing but what the server says of itself.

    /usr/bin/python3 glance_client.py 127.0.0.1:8083 ord_0001 < token

Needs Debian's python3-grpcio and python3-protobuf. Learns the service through gRPC reflection, builds the messages from
the descriptors it is sent, and prints one JSON object: the glance, or the status with its reason. No generated code.
"""

import json
import sys

import grpc
from google.protobuf import descriptor_pb2, descriptor_pool, json_format, message_factory

SERVICE = "wearable.v1.WearableService"
REFLECTION = "grpc.reflection.v1.ServerReflection"
TIMEOUT_SECONDS = 5

Field = descriptor_pb2.FieldDescriptorProto


def reflection_messages(pool):
    """The part of grpc/reflection/v1/reflection.proto that is needed here."""
    file = descriptor_pb2.FileDescriptorProto(
        name="reflection_subset.proto", package="peer", syntax="proto3"
    )

    def message(name, *fields):
        added = file.message_type.add(name=name)
        for field, number, kind, label, type_name in fields:
            added.field.add(name=field, number=number, type=kind, label=label, type_name=type_name)

    one, many = Field.LABEL_OPTIONAL, Field.LABEL_REPEATED
    message("Request", ("file_containing_symbol", 4, Field.TYPE_STRING, one, None))
    message("Files", ("file_descriptor_proto", 1, Field.TYPE_BYTES, many, None))
    message("Response", ("file_descriptor_response", 4, Field.TYPE_MESSAGE, one, ".peer.Files"))
    pool.Add(file)
    return message_class(pool, "peer.Request"), message_class(pool, "peer.Response")


def message_class(pool, name):
    return message_factory.MessageFactory(pool).GetPrototype(pool.FindMessageTypeByName(name))


def learn(channel, pool):
    """Asks the server for the file that declares the service, with all it imports."""
    request_class, response_class = reflection_messages(pool)
    ask = channel.stream_stream(
        f"/{REFLECTION}/ServerReflectionInfo",
        request_serializer=request_class.SerializeToString,
        response_deserializer=response_class.FromString,
    )
    answers = ask(iter([request_class(file_containing_symbol=SERVICE)]), timeout=TIMEOUT_SECONDS)
    for answer in answers:
        for encoded in answer.file_descriptor_response.file_descriptor_proto:
            pool.AddSerializedFile(encoded)


def call(channel, pool, method_name, request_fields, token):
    method = pool.FindServiceByName(SERVICE).methods_by_name[method_name]
    request_class = message_class(pool, method.input_type.full_name)
    response_class = message_class(pool, method.output_type.full_name)
    invoke = channel.unary_unary(
        f"/{SERVICE}/{method_name}",
        request_serializer=request_class.SerializeToString,
        response_deserializer=lambda encoded: (len(encoded), response_class.FromString(encoded)),
    )
    size, response = invoke(
        request_class(**request_fields),
        metadata=[("authorization", f"Bearer {token}")],
        timeout=TIMEOUT_SECONDS,
        compression=grpc.Compression.Gzip,
    )
    return {"bytes": size, **json_format.MessageToDict(response, preserving_proto_field_name=True)}


def main():
    target, order_id = sys.argv[1:]
    token = sys.stdin.read().strip()
    pool = descriptor_pool.DescriptorPool()
    with grpc.insecure_channel(target) as channel:
        try:
            learn(channel, pool)
            result = call(channel, pool, "GetOrderGlance", {"order_id": order_id}, token)
        except grpc.RpcError as error:
            result = {"status": error.code().name, "message": error.details()}
    print(json.dumps(result))


if __name__ == "__main__":
    main()
