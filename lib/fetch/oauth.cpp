#include "fetch/oauth.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "model/error.hpp"
#include "model/web_address.hpp"
#include "platform/files.hpp"
#include "platform/sha256.hpp"

namespace paymentctl {
namespace {

constexpr std::string_view scope = "https://outlook.office365.com/.default";
constexpr int most_tries = 3;
constexpr std::int64_t margin = 300;  // seconds before the end
constexpr std::int64_t longest_life = 86'400;
constexpr std::size_t longest_token = 32u << 10;
constexpr std::chrono::seconds longest_pause{30};

bool is_token(std::string_view text) {
  return !text.empty() && text.size() <= longest_token &&
         std::all_of(text.begin(), text.end(),
                     [](char letter) { return letter > ' ' && letter < 0x7f; });
}

bool says_later(int status) { return status == 429 || (status >= 500 && status <= 599); }

/// Seconds; a number, or a text as some servers send it.
std::int64_t life_of(const nlohmann::json& json) {
  const auto found = json.find("expires_in");
  std::int64_t life = 0;
  if (found != json.end() && found->is_number()) {
    life = static_cast<std::int64_t>(
        std::clamp(found->get<double>(), 0.0, static_cast<double>(longest_life)));
  } else if (found != json.end() && found->is_string()) {
    const std::string text = found->get<std::string>();
    if (text.size() <= 6 && text.find_first_not_of("0123456789") == std::string::npos &&
        !text.empty()) {
      life = std::stoll(text);
    }
  }
  return std::clamp<std::int64_t>(life, 0, longest_life);
}

std::int64_t seconds_of(Timestamp moment) {
  return std::chrono::duration_cast<std::chrono::seconds>(moment.time_since_epoch()).count();
}

}  // namespace

std::string form_encoded(std::string_view text) {
  std::string result;
  for (const char letter : text) {
    const bool unreserved = (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') ||
                            (letter >= '0' && letter <= '9') || letter == '-' || letter == '.' ||
                            letter == '_' || letter == '~';
    if (unreserved) {
      result += letter;
    } else {
      result += fmt::format("%{:02X}", static_cast<unsigned char>(letter));
    }
  }
  return result;
}

std::string token_address(const OAuthClient& client) {
  if (client.tenant_id.empty() || client.client_id.empty()) {
    throw Error(ExitCode::config,
                "MicrosoftOAuth.json has no tenant_id or no client_id; write both as the "
                "application's overview in Entra ID shows them");
  }
  std::string address = client.token_uri;
  for (const std::string_view shared : {"/organizations/", "/common/", "/consumers/"}) {
    const std::size_t at = address.find(shared);
    if (at != std::string::npos) {
      address.replace(at, shared.size(), "/" + form_encoded(client.tenant_id) + "/");
      break;
    }
  }
  if (!may_send_secret(address)) {
    throw Error(ExitCode::config,
                "token_uri in MicrosoftOAuth.json does not begin with https:// and a host; the "
                "secret is sent to no other address");
  }
  return address;
}

TokenSource::TokenSource(OAuthClient client, std::filesystem::path file, const Clock& clock,
                         PostForm post, std::function<void(std::chrono::milliseconds)> sleep)
    : client_(std::move(client)),
      file_(std::move(file)),
      clock_(clock),
      post_(std::move(post)),
      sleep_(std::move(sleep)),
      settings_digest_(
          sha256(client_.tenant_id + '\n' + client_.client_id + '\n' + client_.token_uri)) {}

bool TokenSource::is_good(const Kept& kept) const {
  const std::int64_t now = seconds_of(clock_.now());
  // One that claims to be good for longer than any token is from a wrong clock.
  return is_token(kept.token) && now < kept.good_until && kept.good_until <= now + longest_life;
}

std::string TokenSource::token(bool anew) {
  if (!anew) {
    if (!is_good(kept_)) kept_ = read_kept();
    if (is_good(kept_)) return kept_.token;
  }
  kept_ = fetch();
  keep();
  return kept_.token;
}

TokenSource::Kept TokenSource::read_kept() const {
  if (file_.empty()) return {};
  // The file only saves a request: whatever is wrong with it, a token is fetched anew.
  try {
    const auto json = nlohmann::json::parse(read_file(file_, 2 * longest_token), nullptr, false);
    if (!json.is_object() || json.value("settings", "") != settings_digest_) return {};
    return {json.value("token", ""), json.value("good_until", std::int64_t{0}),
            json.value("fetched_at", std::int64_t{0})};
  } catch (const Error&) {
    return {};
  } catch (const nlohmann::json::exception&) {
    return {};
  }
}

void TokenSource::keep() const {
  if (file_.empty()) return;
  const nlohmann::json json = {{"settings", settings_digest_},
                               {"token", kept_.token},
                               {"good_until", kept_.good_until},
                               {"fetched_at", kept_.fetched_at}};
  try {
    write_private_file(file_, json.dump());
  } catch (const Error&) {
    // It stays in memory, which is all this process needs.
    return;
  }
}

TokenSource::Kept TokenSource::fetch() {
  const std::string address = token_address(client_);
  const std::string form = fmt::format(
      "grant_type=client_credentials&client_id={}&client_secret={}&scope={}",
      form_encoded(client_.client_id), form_encoded(client_.client_secret), form_encoded(scope));
  HttpReply reply;
  for (int attempt = 1;; ++attempt) {
    reply = post_(address, form);
    if (!says_later(reply.status)) break;
    if (attempt == most_tries) {
      throw Error(
          ExitCode::unavailable,
          fmt::format("the token server says \"later\" (HTTP status {}) {} times; run again "
                      "later",
                      reply.status, most_tries));
    }
    const std::chrono::seconds pause = reply.retry_after.value_or(std::chrono::seconds(attempt));
    sleep_(std::min(pause, longest_pause));
  }
  if (reply.status != 200) {
    throw Error(ExitCode::permission, explain_token_error(client_, reply.status, reply.body));
  }
  const auto json = nlohmann::json::parse(reply.body, nullptr, false);
  const auto found = json.is_object() ? json.find("access_token") : json.end();
  if (!json.is_object() || found == json.end() || !found->is_string() ||
      !is_token(found->get_ref<const std::string&>())) {
    throw Error(ExitCode::unavailable,
                "the token server answers without a token; check token_uri in MicrosoftOAuth.json");
  }
  const std::int64_t life = life_of(json);
  const std::int64_t now = seconds_of(clock_.now());
  return {found->get<std::string>(), now + life - std::min(margin, life / 2), now};
}

std::optional<Timestamp> token_fetched_at(const std::filesystem::path& file) {
  try {
    if (!look_at(file)) return std::nullopt;
    const auto json = nlohmann::json::parse(read_file(file, 2 * longest_token), nullptr, false);
    const std::int64_t at = json.is_object() ? json.value("fetched_at", std::int64_t{0}) : 0;
    constexpr std::int64_t end_of_time = 253'402'300'800;  // the year 10000
    if (at <= 0 || at >= end_of_time) return std::nullopt;
    return Timestamp(std::chrono::seconds(at));
  } catch (const Error&) {
    return std::nullopt;
  } catch (const nlohmann::json::exception&) {
    return std::nullopt;
  }
}

}  // namespace paymentctl
