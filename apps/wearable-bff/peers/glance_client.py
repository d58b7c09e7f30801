"""Reads or watches a glance with nothing but what the server says of itself.

    /usr/bin/python3 glance_client.py 127.0.0.1:8083 get ord_0001 < token
    /usr/bin/python3 glance_client.py 127.0.0.1:8083 watch ord_0001 [REVISION] < token

Needs Debian's python3-grpcio and python3-protobuf. Learns the service through gRPC reflection, builds the messages from
the descriptors it is sent, and prints JSON, one object a line: the glance, each glance of a watch, or the status with its
reason. No generated code.
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


def method_of(channel, pool, method_name, kind):
    """The call as a function of the request's fields, and the size and content of what answers."""
    method = pool.FindServiceByName(SERVICE).methods_by_name[method_name]
    request_class = message_class(pool, method.input_type.full_name)
    response_class = message_class(pool, method.output_type.full_name)

    def decode(encoded):
        message = json_format.MessageToDict(
            response_class.FromString(encoded), preserving_proto_field_name=True
        )
        return {"bytes": len(encoded), **message}

    invoke = kind(
        f"/{SERVICE}/{method_name}",
        request_serializer=request_class.SerializeToString,
        response_deserializer=decode,
    )
    return lambda fields, **options: invoke(request_class(**fields), **options)


def get(channel, pool, order_id, options):
    ask = method_of(channel, pool, "GetOrderGlance", channel.unary_unary)
    yield ask({"order_id": order_id}, timeout=TIMEOUT_SECONDS, **options)


def watch(channel, pool, order_id, options, after_revision=""):
    ask = method_of(channel, pool, "WatchOrder", channel.unary_stream)
    yield from ask({"order_id": order_id, "after_revision": after_revision}, **options)


def main():
    target, command, order_id, *rest = sys.argv[1:]
    token = sys.stdin.read().strip()
    options = {
        "metadata": [("authorization", f"Bearer {token}")],
        "compression": grpc.Compression.Gzip,
    }
    pool = descriptor_pool.DescriptorPool()
    with grpc.insecure_channel(target) as channel:
        try:
            learn(channel, pool)
            for result in {"get": get, "watch": watch}[command](channel, pool, order_id, options, *rest):
                print(json.dumps(result), flush=True)
        except grpc.RpcError as error:
            print(json.dumps({"status": error.code().name, "message": error.details()}), flush=True)


if __name__ == "__main__":
    main()
