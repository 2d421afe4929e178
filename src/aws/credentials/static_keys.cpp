#include <utility>

#include <llm/aws/credentials.hpp>

namespace llm::aws {
namespace {

class StaticKeys final : public CredentialsProvider {
 public:
  explicit StaticKeys(Credentials credentials) : credentials_(std::move(credentials)) {
    if (credentials_.source.empty()) credentials_.source = "static keys";
  }

  std::string_view name() const override { return "static keys"; }

  Result<CredentialsLookup> lookup(std::stop_token) const override { return credentials_; }
  std::optional<CredentialsLookup> try_lookup() const override { return credentials_; }

 private:
  Credentials credentials_;
};

}  // namespace

std::shared_ptr<const CredentialsProvider> static_credentials(Credentials credentials) {
  return std::make_shared<StaticKeys>(std::move(credentials));
}

}  // namespace llm::aws
