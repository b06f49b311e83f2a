"""Random messages, made from the vendor's own descriptors, through our types and back: nothing is lost or changed."""

import json
import math
import os
import random
import struct
import subprocess
import unittest
from pathlib import Path

from clarifai_grpc.grpc.api import service_pb2
from google.protobuf import json_format
from google.protobuf.descriptor import FieldDescriptor

# One seed a day would find more, and be found again by nobody.
SEED = 20_240_607
ROUNDS = int(os.environ.get("LABELSCOPE_MESSAGE_ROUNDS", "12"))
DEPTH = 5
SERVICE = service_pb2.DESCRIPTOR.services_by_name["V2"]
# What travels as JSON that we do not look into is compared all the same.
WORDS = ["", "a", "Straße", "狗", "a/b c", "\u202eabc", '"', "\\", "\n", "é" * 20]


def text(rng):
    return rng.choice(WORDS) + (str(rng.randrange(1000)) if rng.random() < 0.5 else "")


def real(rng):
    value = rng.choice([0.0, 1.0, -1.5, 0.1, 1e-7, 3.4e38, rng.random(), rng.uniform(-1e6, 1e6)])
    return struct.unpack("f", struct.pack("f", value))[0]


def scalar(field, rng):
    kind = field.cpp_type
    if kind == FieldDescriptor.CPPTYPE_STRING:
        return rng.randbytes(rng.randrange(9)) if field.type == FieldDescriptor.TYPE_BYTES else text(rng)
    if kind == FieldDescriptor.CPPTYPE_BOOL:
        # A choice that says no says nothing.
        return rng.random() < 0.5 or field.containing_oneof is not None
    if kind == FieldDescriptor.CPPTYPE_ENUM:
        return rng.choice(field.enum_type.values).number
    if kind == FieldDescriptor.CPPTYPE_FLOAT:
        return real(rng)
    if kind == FieldDescriptor.CPPTYPE_DOUBLE:
        return rng.uniform(-1e12, 1e12)
    bits = 64 if kind in (FieldDescriptor.CPPTYPE_INT64, FieldDescriptor.CPPTYPE_UINT64) else 32
    unsigned = kind in (FieldDescriptor.CPPTYPE_UINT32, FieldDescriptor.CPPTYPE_UINT64)
    top = (1 << bits) - 1 if unsigned else (1 << (bits - 1)) - 1
    return rng.choice([0, 1, top, 0 if unsigned else -top - 1, rng.randrange(top)])


def free(rng, depth=2):
    """Any JSON, as a Struct holds it."""
    kinds = ["text", "real", "bool", "null"] + (["list", "object"] if depth else [])
    kind = rng.choice(kinds)
    if kind == "list":
        return [free(rng, depth - 1) for _ in range(rng.randrange(3))]
    if kind == "object":
        return {text(rng): free(rng, depth - 1) for _ in range(rng.randrange(3))}
    return {"text": text(rng), "real": rng.uniform(-1e9, 1e9), "bool": rng.random() < 0.5, "null": None}[kind]


def fill(message, rng, depth):
    name = message.DESCRIPTOR.full_name
    if name == "google.protobuf.Timestamp":
        # Six digits: more than that no client keeps.
        message.seconds, message.nanos = rng.randrange(4_000_000_000), rng.randrange(1_000_000) * 1000
        return
    if name == "google.protobuf.Struct":
        message.update({text(rng): free(rng) for _ in range(rng.randrange(4))})
        return
    if name == "google.protobuf.Value":
        # `null` is absent, on this wire.
        json_format.ParseDict(free(rng) or text(rng), message)
        return
    if name == "google.protobuf.Duration":
        message.seconds = rng.randrange(10_000)
        return
    chosen = {one.name: rng.choice(one.fields).name for one in message.DESCRIPTOR.oneofs if one.fields}
    for field in message.DESCRIPTOR.fields:
        of = field.containing_oneof
        if of is not None and len(of.fields) > 1 and chosen[of.name] != field.name:
            continue
        if rng.random() < (0.35 if depth == DEPTH else 0.6):
            continue
        if field.message_type is None:
            if field.is_repeated:
                getattr(message, field.name).extend(scalar(field, rng) for _ in range(rng.randrange(3)))
            else:
                setattr(message, field.name, scalar(field, rng))
        elif depth > 0:
            if field.message_type.GetOptions().map_entry:
                value = field.message_type.fields_by_name["value"]
                for _ in range(rng.randrange(3)):
                    entry = getattr(message, field.name)[text(rng)]
                    if value.message_type is not None:
                        fill(entry, rng, depth - 1)
            elif field.is_repeated:
                for _ in range(rng.randrange(3)):
                    fill(getattr(message, field.name).add(), rng, depth - 1)
            else:
                one = getattr(message, field.name)
                one.SetInParent()
                fill(one, rng, depth - 1)


def bound(path):
    return {part[1:-1].split("=")[0] for part in path.split("/") if part.startswith("{")}


class Messages(unittest.TestCase):
    def test_random_messages_survive(self):
        fields = Path(__file__).parent.parent / "fields.json"
        operations = json.loads(fields.read_text(encoding="utf-8"))["operations"]
        rng = random.Random(SEED)
        asked, sent = [], []
        for method in SERVICE.methods:
            facts = operations.get(method.name)
            if facts is None:
                continue
            in_path = set().union(*(bound(p) for p in facts["paths"]))
            for part, descriptor in (("request", method.input_type), ("reply", method.output_type)):
                for _ in range(ROUNDS):
                    message = descriptor._concrete_class()
                    fill(message, rng, DEPTH)
                    if part == "request":
                        # These travel in the path.
                        for name in in_path | {"user_app_id"}:
                            if "." not in name and name in message.DESCRIPTOR.fields_by_name:
                                message.ClearField(name)
                    body = json_format.MessageToDict(
                        message, preserving_proto_field_name=True, use_integers_for_enums=rng.random() < 0.5
                    )
                    asked.append(json.dumps({"operation": method.name, "part": part, "json": with_values(message, body)}))
                    sent.append((f"{method.name} {part}", message))
        done = subprocess.run(
            [os.environ["LABELSCOPE_REREAD"]], input="\n".join(asked) + "\n", capture_output=True, text=True, check=True
        )
        lines = done.stdout.splitlines()
        self.assertEqual(len(lines), len(sent))
        known, wrong = 0, []
        for (name, message), line, question in zip(sent, lines, asked):
            answer = json.loads(line)
            if answer.get("error", "").startswith("no operation"):
                continue
            known += 1
            if "error" in answer:
                wrong.append(f"{name}: {answer['error']}\n   {question[:600]}")
                continue
            back = type(message)()
            json_format.ParseDict(answer["json"], back)
            if not same(back, message):
                wrong.append(f"{name}: {difference(message, back)}")
        self.assertGreater(known, 80 * ROUNDS)
        self.assertEqual(wrong, [], f"{len(wrong)} of {known}:\n" + "\n".join(wrong[:12]))


def with_values(message, body):
    """Writes `value: 0` of concepts, which the descriptors leave out and the API does not."""
    for field, value in message.ListFields():
        if field.message_type is None or field.message_type.GetOptions().map_entry or field.name not in body:
            continue
        if field.message_type.full_name.startswith("google.protobuf"):
            continue
        many = zip(value, body[field.name]) if field.is_repeated else [(value, body[field.name])]
        for inner, at in many:
            if isinstance(at, dict):
                with_values(inner, at)
    if message.DESCRIPTOR.name == "Concept":
        body.setdefault("value", 0.0)
    return body


def same(a, b):
    return a == b or a.SerializeToString(deterministic=True) == b.SerializeToString(deterministic=True)


def difference(a, b):
    left = json_format.MessageToDict(a, preserving_proto_field_name=True)
    right = json_format.MessageToDict(b, preserving_proto_field_name=True)
    return "; ".join(list(differences(left, right, ""))[:4])


def differences(a, b, at):
    if isinstance(a, dict) and isinstance(b, dict):
        for key in sorted(a.keys() | b.keys()):
            if key not in a:
                yield f"{at}.{key} came from nowhere: {str(b[key])[:80]}"
            elif key not in b:
                yield f"{at}.{key} was lost: {str(a[key])[:80]}"
            else:
                yield from differences(a[key], b[key], f"{at}.{key}")
    elif isinstance(a, list) and isinstance(b, list) and len(a) == len(b):
        for index, (x, y) in enumerate(zip(a, b)):
            yield from differences(x, y, f"{at}[{index}]")
    elif a != b and not (isinstance(a, float) and isinstance(b, float) and math.isclose(a, b)):
        yield f"{at}: {str(a)[:80]} became {str(b)[:80]}"


if __name__ == "__main__":
    unittest.main()
