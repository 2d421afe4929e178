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

/// Adds the bodies to the entry, the first MiB of each; says how much was left out.
void record_bodies(const Request& request, const HandledRequest& handled, JournalEntry& entry);

/// Writes an entry as a JSON object.
void write_entry(const JournalEntry& entry, json::Writer& writer);

/// How much a journal keeps.
struct JournalLimits {
  std::size_t entries = 1000;
  std::size_t bytes = 64 * 1024 * 1024;  ///< Of all texts together.
};

/// The last entries, numbered, as far as they are within the limits. Not thread-safe.
class Journal {
 public:
  explicit Journal(JournalLimits limits) : limits_(limits) {}

  void add(JournalEntry entry);
  void clear();
  [[nodiscard]] std::vector<JournalEntry> entries() const;
  /// Number of entries dropped so far.
  [[nodiscard]] std::uint64_t dropped() const { return count_ - entries_.size(); }

 private:
  JournalLimits limits_;
  std::uint64_t count_ = 0;
  std::size_t bytes_ = 0;
  std::deque<JournalEntry> entries_;
};

}  // namespace llm::local
