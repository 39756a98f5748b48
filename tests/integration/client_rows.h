// Rows and answers of the second contract as serial_history.h has them.
#pragma once

#include <grpcpp/grpcpp.h>

#include <string>

#include "serial_history.h"
#include "types/v1/types.pb.h"

namespace dataservice::test {

// Samples are the children, orders the parents; a tag is the sample's text and
// the order's user.
std::string TextOfTag(int64_t tag);
int64_t TagOfText(const std::string& text);

SerialRow RowOf(const types::v1::Sample& sample, unsigned shown = kAllFields);
SerialRow RowOf(const types::v1::Order& order);
// As it is sent: without times.
types::v1::Sample SampleOf(const SerialRow& row);

// Whether the row is a sample's.
bool IsSample(const SerialRow& row);

// Sets outcome and refusal. False if it is a status that no call of these tests
// may get.
bool SetOutcome(const grpc::Status& status, SerialCall& call);

// Now.
SerialTime Now();

}  // namespace dataservice::test
