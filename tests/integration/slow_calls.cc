#include "slow_calls.h"

namespace dataservice::test {

grpc::StatusCode GetFreeOrder(Engine& engine, int timeout_ms) {
  types::v1::GetOrderRequest request;
  request.set_code("free");
  types::v1::Order order;
  return engine.Call("OrderService/GetOrder", request, order, timeout_ms).error_code();
}

grpc::Status ChangeCounter(Engine& engine, int number, int timeout_ms) {
  types::v1::UpsertCounterRequest request;
  request.mutable_counter()->set_number(number);
  request.mutable_counter()->set_value(0.5);
  request.mutable_counter()->set_colour("green");
  types::v1::Counter counter;
  return engine.Call("CounterService/UpsertCounter", request, counter, timeout_ms);
}

}  // namespace dataservice::test
