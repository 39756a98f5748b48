#include "rule_seeds.h"

#include <cmath>

namespace dataservice::test {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

template <typename Visit>
void ForEachElement(const Message& message, const FieldDescriptor& field, Visit visit) {
  if (!field.is_repeated()) return visit(-1);
  const int size = message.GetReflection()->FieldSize(message, &field);
  for (int i = 0; i < size; ++i) visit(i);
}

void AddFloat(double value, RuleSeeds& seeds) {
  if (!std::isnan(value)) seeds.floats.insert(value);
}

class Collector {
 public:
  explicit Collector(RuleSeeds& seeds) : seeds_(seeds) {}

  void Collect(const Message& message) {
    const std::string& name = message.GetDescriptor()->full_name();
    if (name == "google.protobuf.Timestamp" || name == "google.protobuf.Duration") {
      return AddTime(message);
    }
    std::vector<const FieldDescriptor*> fields;
    message.GetReflection()->ListFields(message, &fields);
    for (const FieldDescriptor* field : fields) {
      ForEachElement(message, *field, [&](int i) { AddElement(message, *field, i); });
    }
  }

 private:
  void AddTime(const Message& time) {
    const Reflection& r = *time.GetReflection();
    const auto& type = *time.GetDescriptor();
    seeds_.micros.insert(absl::int128(r.GetInt64(time, type.field(0))) * 1000000 +
                         r.GetInt32(time, type.field(1)) / 1000);
  }

  void AddElement(const Message& m, const FieldDescriptor& f, int i) {
    const Reflection& r = *m.GetReflection();
    switch (f.cpp_type()) {
      case FieldDescriptor::CPPTYPE_INT32:
        seeds_.integers.insert(i < 0 ? r.GetInt32(m, &f) : r.GetRepeatedInt32(m, &f, i));
        break;
      case FieldDescriptor::CPPTYPE_INT64:
        seeds_.integers.insert(i < 0 ? r.GetInt64(m, &f) : r.GetRepeatedInt64(m, &f, i));
        break;
      case FieldDescriptor::CPPTYPE_UINT32:
        seeds_.integers.insert(i < 0 ? r.GetUInt32(m, &f) : r.GetRepeatedUInt32(m, &f, i));
        break;
      case FieldDescriptor::CPPTYPE_UINT64:
        seeds_.integers.insert(i < 0 ? r.GetUInt64(m, &f) : r.GetRepeatedUInt64(m, &f, i));
        break;
      case FieldDescriptor::CPPTYPE_FLOAT:
        AddFloat(i < 0 ? r.GetFloat(m, &f) : r.GetRepeatedFloat(m, &f, i), seeds_);
        break;
      case FieldDescriptor::CPPTYPE_DOUBLE:
        AddFloat(i < 0 ? r.GetDouble(m, &f) : r.GetRepeatedDouble(m, &f, i), seeds_);
        break;
      case FieldDescriptor::CPPTYPE_STRING:
        seeds_.texts.insert(i < 0 ? r.GetString(m, &f) : r.GetRepeatedString(m, &f, i));
        break;
      case FieldDescriptor::CPPTYPE_MESSAGE:
        Collect(i < 0 ? r.GetMessage(m, &f) : r.GetRepeatedMessage(m, &f, i));
        break;
      default:
        break;
    }
  }

  RuleSeeds& seeds_;
};

}  // namespace

RuleSeeds SeedsOf(const Message& rules) {
  RuleSeeds seeds;
  Collector(seeds).Collect(rules);
  return seeds;
}

}  // namespace dataservice::test
