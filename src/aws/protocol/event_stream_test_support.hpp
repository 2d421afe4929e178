#pragma once

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "aws/protocol/event_stream.hpp"
#include "base/crc32.hpp"

namespace llm::aws::testing {

using Headers = std::vector<std::pair<std::string, std::string>>;

struct Received {
  Headers headers;
  std::string payload;
  friend bool operator==(const Received&, const Received&) = default;
};

/// Feeds a decoder and keeps a copy of every message that it gives.
class Recorder {
 public:
  [[nodiscard]] Result<void> feed(std::string_view bytes, EventStreamDecoder& decoder) {
    decoder.feed(bytes);
    for (;;) {
      const auto message = decoder.next();
      if (!message) return std::unexpected(message.error());
      if (!*message) return {};
      keep(**message);
    }
  }

  std::vector<Received> messages;

 private:
  void keep(const EventMessage& message) {
    Received received{.headers = {}, .payload = std::string(message.payload)};
    for (const EventHeader& header : message.headers) {
      received.headers.emplace_back(header.name, header.value);
    }
    messages.push_back(std::move(received));
  }
};

inline std::string from_hex(std::string_view hex) {
  std::string bytes;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
    bytes.push_back(static_cast<char>(std::stoi(std::string(hex.substr(i, 2)), nullptr, 16)));
  }
  return bytes;
}

inline std::string u16(std::size_t number) {
  return {static_cast<char>(number >> 8 & 0xff), static_cast<char>(number & 0xff)};
}

inline std::string u32(std::size_t number) { return u16(number >> 16) + u16(number & 0xffff); }

/// A prelude with a valid checksum around whatever lengths.
inline std::string prelude(std::size_t total, std::size_t header_bytes) {
  const std::string lengths = u32(total) + u32(header_bytes);
  return lengths + u32(base::crc32(lengths));
}

/// A message with valid checksums around whatever header section.
inline std::string frame(std::string_view header_section, std::string_view payload = {}) {
  std::string bytes =
      prelude(kMinMessageBytes + header_section.size() + payload.size(), header_section.size());
  bytes.append(header_section).append(payload);
  return bytes + u32(base::crc32(bytes));
}

inline std::string header(std::string_view name, char type, std::string_view rest) {
  return std::string(1, static_cast<char>(name.size())) + std::string(name) + type +
         std::string(rest);
}

inline std::string event(std::string_view type, std::string_view payload) {
  const std::pair<std::string_view, std::string_view> headers[] = {
      {":event-type", type}, {":content-type", "application/json"}, {":message-type", "event"}};
  std::string bytes;
  append_event_message(headers, payload, bytes);
  return bytes;
}

inline std::string error_of(std::string_view bytes) {
  EventStreamDecoder decoder;
  Recorder recorder;
  const auto fed = recorder.feed(bytes, decoder);
  if (fed) return {};
  EXPECT_EQ(fed.error().code, ErrorCode::stream_error);
  EXPECT_TRUE(recorder.messages.empty());
  return fed.error().message;
}

}  // namespace llm::aws::testing
