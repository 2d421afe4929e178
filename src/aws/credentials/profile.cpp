#include <mutex>
#include <utility>

#include "aws/credentials/profile_resolver.hpp"
#include "aws/credentials/sources.hpp"

namespace llm::aws {
namespace {

// How often to check the files: soon enough for a person, too rarely to cost anything.
constexpr std::chrono::seconds kCheckInterval{1};

ProfileName profile_in_use(const SourceContext& context) {
  auto name = profile_name(*context.system, context.profile_in_code ? context.profile : "");
  if (context.profile.empty() || context.profile == name.name) return name;
  return {context.profile, true, "code"};
}

bool has_same_content(const SharedConfig& left, const SharedConfig& right) {
  return left.profiles == right.profiles && left.sso_sessions == right.sso_sessions &&
         left.services == right.services;
}

class Profile final : public CredentialsProvider {
 public:
  explicit Profile(SourceContext context) : context_(std::move(context)) {}

  std::string_view name() const override { return "profile"; }

  Result<CredentialsLookup> lookup(std::stop_token stop) const override {
    const auto source = current_source();
    if (!source) return std::unexpected(source.error());
    if (const auto* missing = std::get_if<NotConfigured>(&*source)) return *missing;
    // Without the lock, because this may take long.
    return std::get<ProviderPtr>(*source)->lookup(std::move(stop));
  }

  std::optional<CredentialsLookup> try_lookup() const override {
    const auto source = current_source();
    if (!source) return std::nullopt;
    if (const auto* missing = std::get_if<NotConfigured>(&*source)) return *missing;
    return std::get<ProviderPtr>(*source)->try_lookup();
  }

 private:
  Result<ProfileLookup> current_source() const {
    const std::scoped_lock lock(mutex_);
    const auto now = context_.system->steady_now();
    if (source_ && now < next_check_) return *source_;
    next_check_ = now + kCheckInterval;
    update();
    return *source_;
  }

  /// Reads the files again if they have changed.
  void update() const {
    const auto old = std::exchange(context_.config, nullptr);
    if (old && is_current(*context_.system, *old)) {
      context_.config = old;
      if (source_) return;
    } else {
      auto fresh = load_shared_config(*context_.system);
      if (!fresh) {
        source_ = std::unexpected(std::move(fresh.error()));
        return;
      }
      context_.config = std::make_shared<const SharedConfig>(std::move(*fresh));
      // With the same content the source keeps the credentials that it has cached.
      if (source_ && old && has_same_content(*old, *context_.config)) return;
    }
    source_ = resolve_profile(context_, profile_in_use(context_));
  }

  mutable std::mutex mutex_;
  mutable SourceContext context_;  ///< `config` is null while the files cannot be read.
  mutable std::optional<Result<ProfileLookup>> source_;  ///< Unset: not resolved yet.
  mutable std::chrono::steady_clock::time_point next_check_{};
};

}  // namespace

ProviderPtr profile_source(SourceContext context) {
  return std::make_shared<Profile>(std::move(context));
}

}  // namespace llm::aws
