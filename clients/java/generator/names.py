"""The names that protoc gives to messages, services and fields in Java."""

from google.protobuf.descriptor import Descriptor, EnumDescriptor, FieldDescriptor, ServiceDescriptor

# fmt: off
KEYWORDS = {
    "abstract", "assert", "boolean", "break", "byte", "case", "catch", "char", "class", "const", "continue",
    "default", "do", "double", "else", "enum", "extends", "false", "final", "finally", "float", "for", "goto",
    "if", "implements", "import", "instanceof", "int", "interface", "long", "native", "new", "null", "package",
    "private", "protected", "public", "return", "short", "static", "strictfp", "super", "switch",
    "synchronized", "this", "throw", "throws", "transient", "true", "try", "void", "volatile", "while",
}
# fmt: on
SCALARS = {
    FieldDescriptor.CPPTYPE_INT32: ("int", "Integer"),
    FieldDescriptor.CPPTYPE_UINT32: ("int", "Integer"),
    FieldDescriptor.CPPTYPE_INT64: ("long", "Long"),
    FieldDescriptor.CPPTYPE_UINT64: ("long", "Long"),
    FieldDescriptor.CPPTYPE_DOUBLE: ("double", "Double"),
    FieldDescriptor.CPPTYPE_FLOAT: ("float", "Float"),
    FieldDescriptor.CPPTYPE_BOOL: ("boolean", "Boolean"),
}


def package_name(name: str) -> str:
    """A dotted name without words that Java reserves."""
    return ".".join(f"{word}_" if word in KEYWORDS else word for word in name.split("."))


def pascal(name: str) -> str:
    """As protoc: a letter after a digit or an underscore is upper case."""
    out, is_first = "", True
    for letter in name:
        if letter.isalpha():
            out += letter.upper() if is_first else letter
        elif letter.isdigit():
            out += letter
        is_first = not letter.isalpha()
    return out


def camel(name: str) -> str:
    out = pascal(name)
    out = out[:1].lower() + out[1:]
    return f"{out}_" if out in KEYWORDS else out


def accessor(field: FieldDescriptor) -> str:
    """What follows `get` and `set`."""
    name = pascal(field.name)
    return "Class_" if name == "Class" else name


def class_of(message: Descriptor | EnumDescriptor) -> str:
    """The full name of a message's class; all files have java_multiple_files."""
    name = message.full_name
    if message.file.package:
        name = name.removeprefix(f"{message.file.package}.")
    return f"{message.file.GetOptions().java_package}.{name}"


def grpc_class_of(service: ServiceDescriptor) -> str:
    return f"{service.file.GetOptions().java_package}.{service.name}Grpc"


def type_of(field: FieldDescriptor, is_boxed: bool = False) -> str:
    """The type of one value of the field."""
    if field.message_type is not None:
        return class_of(field.message_type)
    if field.enum_type is not None:
        return class_of(field.enum_type)
    if field.type == field.TYPE_BYTES:
        return "com.google.protobuf.ByteString"
    return "String" if field.type == field.TYPE_STRING else SCALARS[field.cpp_type][is_boxed]
