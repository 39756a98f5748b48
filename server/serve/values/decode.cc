#include "serve/values/decode.h"

#include "serve/values/codec.h"

namespace dataservice {

bool WriteField(const Column& column, std::string_view text,
                const google::protobuf::Message& prototype,
                const std::vector<std::string>& sub_fields, std::string& out) {
  return CodecOf(column).decode(column, text, prototype, sub_fields, out);
}

std::string InputText(const Column& column, std::string_view output) {
  InputFunction* const input = CodecOf(column).input;
  return input == nullptr ? std::string(output) : input(output);
}

}  // namespace dataservice
