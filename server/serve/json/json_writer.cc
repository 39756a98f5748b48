#include "serve/json/json_writer.h"

#include "serve/json/json_encoder.h"

namespace dataservice {
namespace {

constexpr int kElementDepth = 1;  // of an element of a list: the response is level 0

}  // namespace

JsonWriter::JsonWriter(const google::protobuf::Descriptor& message) : type_(types_.Get(message)) {}

bool JsonWriter::Append(std::string_view wire, const google::protobuf::FieldDescriptor* part,
                        const WrittenFields& fields, std::string& out, std::string& problem) const {
  JsonEncoder encoder(types_, out, fields.hidden);
  if (fields.elements.field != nullptr) {
    encoder.SetElements(*fields.elements.field, fields.elements.text);
  }
  const bool written = part == nullptr ? encoder.AppendMessage(type_, wire, fields.selection, 0)
                                       : encoder.AppendPart(type_, wire, *part, fields.selection);
  if (!written) problem = encoder.problem();
  return written;
}

bool JsonWriter::AppendMember(const JsonField& field, std::string_view wire,
                              const FieldSelection* selection, bool& comma,
                              std::string& out) const {
  return JsonEncoder(types_, out).AppendMember(field, wire, selection, comma, kElementDepth);
}

bool JsonWriter::AppendStringMember(const JsonField& field, std::string_view text, bool& comma,
                                    std::string& out) const {
  return JsonEncoder(types_, out).AppendStringMember(field, text, comma);
}

void JsonWriter::AppendTimestampMember(const JsonField& field, Instant time, bool& comma,
                                       std::string& out) const {
  JsonEncoder(types_, out).AppendTimestampMember(field, time, comma);
}

void JsonWriter::AppendNumberMember(const JsonField& field, std::string_view digits, bool& comma,
                                    std::string& out) const {
  JsonEncoder(types_, out).AppendNumberMember(field, digits, comma);
}

bool JsonWriter::AppendText(std::string_view wire,
                            const std::vector<const google::protobuf::FieldDescriptor*>& path,
                            std::string& out, std::string& problem) const {
  JsonEncoder encoder(types_, out);
  if (encoder.AppendText(type_, wire, path)) return true;
  problem = encoder.problem();
  return false;
}

}  // namespace dataservice
