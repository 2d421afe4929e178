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

/// What may be remembered of an exchange, without its bodies and its number. Pure.
[[nodiscard]] JournalEntry journal_entry(const Request& request, const HandledRequest& served,
                                         base::TimePoint received_at);

/// The object that stands for an entry in JSON.
void write_entry(const JournalEntry& entry, json::Writer& writer);

/// The latest entries, numbered. Not for two threads at once.
class Journal {
 public:
  explicit Journal(std::size_t most) : most_(most) {}

  void add(JournalEntry entry);
  void clear();
  [[nodiscard]] std::vector<JournalEntry> entries() const;

 private:
  std::size_t most_;
  std::uint64_t count_ = 0;
  std::deque<JournalEntry> entries_;
};

}  // namespace llm::local
