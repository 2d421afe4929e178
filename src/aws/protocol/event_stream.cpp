#include "aws/protocol/event_stream.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <utility>

#include "base/crc32.hpp"
#include "base/text.hpp"

namespace llm::aws {

/// Which check failed, and at which byte of the frame.
struct EventStreamDecoder::Damage {
  std::string_view problem;
  std::size_t offset = 0;
};

namespace {

constexpr std::size_t kChecksumBytes = 4;
constexpr std::uint8_t kStringType = 7;

/// Size of a value by header type; `kSized`: a 16-bit length precedes the value.
/// Source: Smithy, "Amazon Event Stream Specification", header value types.
constexpr std::size_t kSized = SIZE_MAX;
constexpr std::array<std::size_t, 10> kValueBytes = {0, 0, 1, 2, 4, 8, kSized, kSized, 8, 16};

std::uint8_t byte_at(std::string_view bytes, std::size_t offset) {
  return static_cast<std::uint8_t>(bytes[offset]);
}

// A big-endian number. Requires: `bytes` has all of it.
template <typename Number>
Number number_at(std::string_view bytes, std::size_t offset) {
  Number number = 0;
  std::memcpy(&number, bytes.data() + offset, sizeof number);
  return std::endian::native == std::endian::little ? std::byteswap(number) : number;
}

std::uint16_t u16_at(std::string_view bytes, std::size_t offset) {
  return number_at<std::uint16_t>(bytes, offset);
}

std::uint32_t u32_at(std::string_view bytes, std::size_t offset) {
  return number_at<std::uint32_t>(bytes, offset);
}

void append_u16(std::size_t number, std::string& out) {
  out.push_back(static_cast<char>(number >> 8 & 0xff));
  out.push_back(static_cast<char>(number & 0xff));
}

void append_u32(std::size_t number, std::string& out) {
  append_u16(number >> 16, out);
  append_u16(number & 0xffff, out);
}

/// What is wrong with a prelude; empty if nothing.
std::string_view prelude_problem(std::string_view prelude) {
  if (base::crc32(prelude.substr(0, 8)) != u32_at(prelude, 8)) {
    return "the checksum of the lengths does not match";
  }
  const std::size_t total = u32_at(prelude, 0);
  const std::size_t headers = u32_at(prelude, 4);
  if (total < kMinMessageBytes) return "the frame is shorter than its own checksums";
  if (total > kMaxMessageBytes) return "the frame is longer than the format allows";
  if (headers > total - kMinMessageBytes) return "the headers are longer than the frame";
  if (headers > kMaxHeaderBytes) return "the headers are longer than 128 KiB";
  if (total - kMinMessageBytes - headers > kMaxPayloadBytes) {
    return "the payload is longer than 24 MiB";
  }
  return {};
}

/// Reads the header section from the start; checks every length against the rest of the section.
class HeaderReader {
 public:
  explicit HeaderReader(std::string_view section) : section_(section) {}

  [[nodiscard]] bool done() const { return offset_ == section_.size(); }
  [[nodiscard]] std::size_t offset() const { return offset_; }

  /// Reads one header. Returns what is wrong with it; empty if nothing.
  std::string_view read(EventHeader& header) {
    const std::size_t name_bytes = byte_at(section_, offset_);
    if (name_bytes == 0) return "a header has an empty name";
    // The type follows the name.
    if (left() < 1 + name_bytes + 1) return "a header name extends past the headers";
    header.name = section_.substr(offset_ + 1, name_bytes);
    if (!base::is_valid_utf8(header.name)) return "a header name is not UTF-8";
    header.type = byte_at(section_, offset_ + 1 + name_bytes);
    if (header.type >= kValueBytes.size()) return "a header has an unknown type";
    offset_ += 1 + name_bytes + 1;
    return read_value(header);
  }

 private:
  std::string_view read_value(EventHeader& header) {
    std::size_t value_bytes = kValueBytes[header.type];
    if (value_bytes == kSized) {
      if (left() < 2) return "a header value extends past the headers";
      value_bytes = u16_at(section_, offset_);
      offset_ += 2;
    }
    if (value_bytes > kMaxHeaderValueBytes) return "a header value is longer than 32767 bytes";
    if (left() < value_bytes) return "a header value extends past the headers";
    header.value = section_.substr(offset_, value_bytes);
    offset_ += value_bytes;
    if (header.type == kStringType && !base::is_valid_utf8(header.value)) {
      return "a header value is not UTF-8";
    }
    return {};
  }

  [[nodiscard]] std::size_t left() const { return section_.size() - offset_; }

  std::string_view section_;
  std::size_t offset_ = 0;
};

bool has_name(std::span<const EventHeader> headers, std::string_view name) {
  return std::ranges::find(headers, name, &EventHeader::name) != headers.end();
}

Error damaged_stream(const std::string& message) {
  return make_error(ErrorCode::stream_error, message,
                    "Try again. If it happens again, look for a proxy that alters responses.");
}

}  // namespace

std::string_view EventMessage::header(std::string_view name) const {
  const auto found = std::ranges::find(headers, name, &EventHeader::name);
  if (found == headers.end() || found->type != kStringType) return {};
  return found->value;
}

void EventStreamDecoder::feed(std::string_view bytes) {
  if (failure_.empty()) rest_ = bytes;
}

Result<const EventMessage*> EventStreamDecoder::next() {
  if (std::exchange(partial_is_decoded_, false)) partial_.clear();
  while (failure_.empty()) {
    // Most frames are complete in what was fed; one that is not is assembled in `partial_`.
    const std::string_view bytes = partial_.empty() ? rest_ : std::string_view(partial_);
    const std::size_t size = required_bytes(bytes);
    if (size > 0 && bytes.size() >= size) {
      if (take(bytes.substr(0, size))) return &message_;
    } else if (size > 0) {
      if (rest_.empty()) return nullptr;
      const std::string_view more = rest_.substr(0, size - partial_.size());
      partial_.append(more);
      rest_.remove_prefix(more.size());
    }
  }
  return std::unexpected(damaged_stream(failure_));
}

/// How many bytes the next step needs: the prelude, then the frame. 0 when the prelude is invalid.
std::size_t EventStreamDecoder::required_bytes(std::string_view bytes) {
  if (frame_bytes_ > 0) return frame_bytes_;
  if (bytes.size() < kPreludeBytes) return kPreludeBytes;
  const auto problem = prelude_problem(bytes.substr(0, kPreludeBytes));
  if (!problem.empty()) {
    fail({problem});
    return 0;
  }
  frame_bytes_ = u32_at(bytes, 0);
  return frame_bytes_;
}

bool EventStreamDecoder::take(std::string_view message) {
  if (!decode(message)) return false;
  frame_bytes_ = 0;
  consumed_ += message.size();
  partial_is_decoded_ = !partial_.empty();
  if (!partial_is_decoded_) rest_.remove_prefix(message.size());
  return true;
}

bool EventStreamDecoder::decode(std::string_view message) {
  const std::size_t body_end = message.size() - kChecksumBytes;
  if (base::crc32(message.substr(0, body_end)) != u32_at(message, body_end)) {
    return fail({"the checksum of the frame does not match", body_end});
  }

  const std::size_t header_bytes = u32_at(message, 4);
  const std::string_view section = message.substr(kPreludeBytes, header_bytes);
  // Nearly every frame of a stream has the same headers as the one before it.
  if (section != section_ && !read_headers(section)) return false;

  const std::size_t payload_start = kPreludeBytes + header_bytes;
  message_.payload = message.substr(payload_start, body_end - payload_start);
  return true;
}

bool EventStreamDecoder::read_headers(std::string_view section) {
  section_.assign(section);
  headers_.clear();
  HeaderReader reader(section_);
  while (!reader.done()) {
    const std::size_t offset = kPreludeBytes + reader.offset();
    if (headers_.size() == kMaxHeaderCount) return fail({"it has more than 1024 headers", offset});
    EventHeader header;
    if (const auto problem = reader.read(header); !problem.empty()) return fail({problem, offset});
    if (has_name(headers_, header.name)) return fail({"two headers have the same name", offset});
    headers_.push_back(header);
  }
  message_ = {.headers = headers_};
  message_.message_type = message_.header(":message-type");
  message_.event_type = message_.header(":event-type");
  return true;
}

Result<void> EventStreamDecoder::finish() const {
  if (!failure_.empty()) return std::unexpected(damaged_stream(failure_));
  const std::size_t rest = rest_.size() + (partial_is_decoded_ ? 0 : partial_.size());
  if (rest == 0) return {};
  return std::unexpected(
      make_error(ErrorCode::stream_error,
                 "The event stream ended at byte " + std::to_string(consumed_ + rest) +
                     ", inside the frame that begins at byte " + std::to_string(consumed_) + ".",
                 "Try again."));
}

/// Remembers the failure. Returns false.
bool EventStreamDecoder::fail(const Damage& damage) {
  failure_ = "The event stream is damaged at byte " + std::to_string(consumed_ + damage.offset) +
             ": " + std::string(damage.problem) + ".";
  rest_ = {};
  partial_.clear();
  return false;
}

void append_event_message(std::span<const std::pair<std::string_view, std::string_view>> headers,
                          std::string_view payload, std::string& out) {
  std::size_t header_bytes = 0;
  for (const auto& [name, value] : headers) header_bytes += 4 + name.size() + value.size();
  const std::size_t total = kMinMessageBytes + header_bytes + payload.size();
  const std::size_t start = out.size();
  const auto append_checksum = [&] {
    append_u32(base::crc32(std::string_view(out).substr(start)), out);
  };

  out.reserve(start + total);
  append_u32(total, out);
  append_u32(header_bytes, out);
  append_checksum();
  for (const auto& [name, value] : headers) {
    out.push_back(static_cast<char>(name.size()));
    out.append(name);
    out.push_back(static_cast<char>(kStringType));
    append_u16(value.size(), out);
    out.append(value);
  }
  out.append(payload);
  append_checksum();
}

}  // namespace llm::aws
