#pragma once

#include <cstddef>
#include <deque>
#include <string>
#include <vector>

#include <llm/local/journal.hpp>

#include "base/time.hpp"
#include "json/writer.hpp"
#include "local/http/message.hpp"
#include "local/journal/handled_request.hpp"

namespace llm::local {

/// The entry for a request, with secrets redacted and without bodies and number. Pure.
[[nodiscard]] JournalEntry journal_entry(const Request& request, const HandledRequest& handled,
                                         base::TimePoint received_at);

/// Writes an entry as a JSON object.
void write_entry(const JournalEntry& entry, json::Writer& writer);

/// The last entries, numbered. Not thread-safe.
class Journal {
 public:
  /// Keeps the last `capacity` entries.
  explicit Journal(std::size_t capacity) : capacity_(capacity) {}

  void add(JournalEntry entry);
  void clear();
  [[nodiscard]] std::vector<JournalEntry> entries() const;

 private:
  std::size_t capacity_;
  std::uint64_t count_ = 0;
  std::deque<JournalEntry> entries_;
};

}  // namespace llm::local
