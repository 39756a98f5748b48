#include "import.h"

#include <poll.h>

#include "bookstore/v1/bookstore.pb.h"
#include "connection.h"
#include "frames.h"

namespace bench {
namespace {

// Messages that are handed to the connection at once, and bytes that may wait
// there.
constexpr uint64_t kChunk = 256;
constexpr size_t kMostQueued = 1 << 20;

std::string Messages(uint64_t count) {
  std::string out;
  for (uint64_t i = 0; i < count; ++i) {
    bookstore::v1::CreateBookRequest request;
    request.mutable_book()->set_title("Imported " + std::to_string(i));
    request.mutable_book()->set_author("A. Measure");
    request.mutable_book()->set_publisher("Yardstick & Sons");
    request.mutable_book()->set_year(1999);
    out += PrefixedMessage(request.SerializeAsString());
  }
  return out;
}

}  // namespace

Measurement Import(const LoadSettings& settings, uint64_t rows) {
  bookstore::v1::ImportBooksResponse response;
  bool over = false;
  Connection connection(settings.host, settings.port, settings.tls, [&](const Answer& answer) {
    over = true;
    const auto size = static_cast<int>(answer.message.size());
    if (answer.status != 0 || !response.ParseFromArray(answer.message.data(), size)) {
      response.Clear();
    }
  });
  const std::string chunk = Messages(kChunk);
  const std::string last = Messages(rows % kChunk);
  const auto begin = Loop::Clock::now();
  const uint32_t stream = connection.Open(
      RequestHeaders("/bookstore.v1.BookService/ImportBooks", connection.authority()), 0);
  uint64_t left = rows / kChunk;
  bool ended = false;
  while (!over) {
    while (!ended && connection.queued() < kMostQueued) {
      ended = left == 0;
      connection.Send(stream, ended ? last : chunk, ended);
      if (!ended) --left;
    }
    const bool blocked = connection.Flush();
    pollfd socket{connection.socket(), static_cast<short>(blocked ? POLLIN | POLLOUT : POLLIN), 0};
    poll(&socket, 1, -1);
    if (!connection.Receive()) break;
  }
  Measurement out;
  out.seconds = std::chrono::duration<double>(Loop::Clock::now() - begin).count();
  out.calls = rows;
  out.errors = rows - static_cast<uint64_t>(response.imported_count());
  return out;
}

}  // namespace bench
