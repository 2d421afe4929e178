#include <utility>

#include <llm/aws/credentials.hpp>

namespace llm::aws {
namespace {

class StaticCredentials final : public CredentialsProvider {
 public:
  explicit StaticCredentials(Credentials credentials) : credentials_(std::move(credentials)) {
    if (credentials_.source.empty()) credentials_.source = "static credentials";
  }

  std::string_view name() const override { return "static credentials"; }

  Result<CredentialsLookup> lookup(std::stop_token) const override { return credentials_; }
  std::optional<CredentialsLookup> try_lookup() const override { return credentials_; }

 private:
  Credentials credentials_;
};

}  // namespace

std::shared_ptr<const CredentialsProvider> static_credentials(Credentials credentials) {
  return std::make_shared<StaticCredentials>(std::move(credentials));
}

}  // namespace llm::aws
