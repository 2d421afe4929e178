#include <utility>

#include <llm/aws/credentials.hpp>

#include "base/errors.hpp"

namespace llm::aws {
namespace {

class Chain final : public CredentialsProvider {
 public:
  explicit Chain(std::vector<std::shared_ptr<const CredentialsProvider>> sources)
      : sources_(std::move(sources)) {}

  std::string_view name() const override { return "chain"; }

  Result<CredentialsLookup> lookup(std::stop_token stop) const override {
    NotConfigured all;
    for (const auto& source : sources_) {
      if (stop.stop_requested()) {
        return std::unexpected(base::cancelled("The search for AWS credentials"));
      }
      auto found = source->lookup(stop);
      if (!found) return found;
      const auto* not_configured = std::get_if<NotConfigured>(&*found);
      if (not_configured == nullptr) return found;
      if (!all.reason.empty()) all.reason += '\n';
      all.reason.append(source->name()).append(": ").append(not_configured->reason);
    }
    return all;
  }

  std::optional<CredentialsLookup> try_lookup() const override {
    for (const auto& source : sources_) {
      auto found = source->try_lookup();
      if (!found || std::holds_alternative<Credentials>(*found)) return found;
    }
    return std::nullopt;
  }

 private:
  std::vector<std::shared_ptr<const CredentialsProvider>> sources_;
};

}  // namespace

std::shared_ptr<const CredentialsProvider> chain(
    std::vector<std::shared_ptr<const CredentialsProvider>> sources) {
  return std::make_shared<Chain>(std::move(sources));
}

}  // namespace llm::aws
