#ifndef DATASERVICE_CLIENT_METHOD_H_
#define DATASERVICE_CLIENT_METHOD_H_

namespace dataservice::client {

// What a call of a method can change. It decides whether a call whose outcome is unknown
// can be repeated.
enum class Effect {
  // Only the author of the method knows what it does. A call is repeated only if the
  // service answers that nothing was done, or if it was never sent.
  kUnknown,
  // The method changes nothing.
  kRead,
  // The method changes resources. A call is repeated with the same request_id, if its
  // request has one.
  kWrite,
  // The method is a stream of writes, of which some can be done when it fails. It is
  // repeated only if each of them has a request_id.
  kWrites,
};

// A method of the contract. Generated code has one for each method.
struct Method {
  // "package.Service/Method"
  const char* name;
  Effect effect;
};

}  // namespace dataservice::client

#endif  // DATASERVICE_CLIENT_METHOD_H_
