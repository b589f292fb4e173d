#include "mail/message.hpp"

#include <algorithm>
#include <utility>

#include "mail/address.hpp"
#include "mail/charset.hpp"
#include "mail/header_text.hpp"
#include "mail/html_guard.hpp"
#include "mail/html_text.hpp"
#include "mail/mail_date.hpp"
#include "mail/mime.hpp"
#include "mail/transfer_encoding.hpp"
#include "model/ascii.hpp"

namespace paymentctl {
namespace {

void refuse(Message& message, std::string reason) {
  if (!message.refused) message.refused = std::move(reason);
}

std::string message_id(std::string_view value) {
  const std::size_t open = value.find('<');
  const std::size_t close = value.find('>', open == std::string_view::npos ? 0 : open);
  if (open != std::string_view::npos && close != std::string_view::npos) {
    value = value.substr(open + 1, close - open - 1);
  }
  return decode_header_text(value);
}

std::optional<Date> received_day(std::string_view value) {
  const std::size_t semicolon = value.rfind(';');
  return semicolon == std::string_view::npos ? std::nullopt
                                             : read_mail_date(value.substr(semicolon + 1));
}

void read_headers(const std::vector<HeaderField>& headers, Message& message) {
  const auto is = [](const HeaderField& field, std::string_view name) {
    return ascii::equal(field.name, name);
  };
  std::size_t senders = 0;
  bool has_subject = false;
  bool has_received = false;
  std::optional<Date> received;
  for (const HeaderField& field : headers) {
    if (is(field, "From")) {
      if (++senders > 1) continue;
      Sender sender = read_sender(field.value);
      message.from_address = std::move(sender.address);
      message.from_name = std::move(sender.name);
      if (sender.refused) refuse(message, *std::move(sender.refused));
    } else if (is(field, "Subject") && !std::exchange(has_subject, true)) {
      message.subject = decode_header_text(field.value);
    } else if (is(field, "Message-ID") && message.message_id.empty()) {
      message.message_id = message_id(field.value);
    } else if (is(field, "Date") && !message.date) {
      message.date = read_mail_date(field.value);
    } else if (is(field, "Received") && !std::exchange(has_received, true)) {
      received = received_day(field.value);
    } else if ((is(field, "In-Reply-To") || is(field, "References")) &&
               !ascii::trim(field.value).empty()) {
      message.answers = true;
    }
  }
  if (senders > 1) {
    message.from_address.clear();
    refuse(message, "the mail has two From headers, so nobody is the one who sent it");
  }
  if (!message.date) message.date = received;
}

std::string without_carriage_returns(std::string text) {
  std::size_t from = text.find('\r');
  if (from == std::string::npos) return text;
  std::size_t to = from;
  for (; from < text.size(); ++from) {
    if (text[from] != '\r') {
      text[to++] = text[from];
    } else if (from + 1 == text.size() || text[from + 1] != '\n') {
      text[to++] = '\n';  // a line end of its own
    }
  }
  text.resize(to);
  return text;
}

bool is_blank(std::string_view text) { return ascii::trim(text).empty(); }

Decoded undo_transfer_encoding(const LeafPart& part) {
  switch (part.encoding) {
    case TransferEncoding::quoted_printable:
      return decode_quoted_printable(part.body);
    case TransferEncoding::base64:
      return decode_base64(part.body);
    case TransferEncoding::none:
      break;
  }
  return {std::string(part.body), false};
}

/// Whether the text lacks its end: half a number must not pass for a whole one. Where the last
/// boundary is missing, only a text that ends with its line is believed to be whole.
bool is_cut_off(const LeafPart& part, const Decoded& decoded) {
  const bool is_base64 = part.encoding == TransferEncoding::base64;
  if (part.end == PartEnd::boundary) return is_base64 && decoded.is_cut_off;
  if (decoded.is_cut_off) return true;
  if (part.end == PartEnd::mail || decoded.bytes.empty()) return false;
  const std::string_view encoded = ascii::trim(part.body);
  const bool is_padded = is_base64 && !encoded.empty() && encoded.back() == '=';
  return !is_padded && decoded.bytes.back() != '\n';
}

void read_text(const LeafPart& part, const MailLimits& limits, Message& message) {
  const auto refuse_length = [&] {
    refuse(message, "a text of the mail is longer than the limit of " +
                        std::to_string(limits.text) + " bytes");
  };
  // No encoding packs a byte into more than three; so what is far too long is not even decoded.
  if (part.body.size() / 4 > limits.text) return refuse_length();
  Decoded decoded = undo_transfer_encoding(part);
  if (decoded.bytes.size() > limits.text) return refuse_length();
  if (is_cut_off(part, decoded)) {
    return refuse(message, "the mail is damaged: its text is cut off in the middle of a line");
  }
  std::string text = decode_charset(std::move(decoded.bytes), part.charset);
  if (text.find('\0') != std::string::npos) {
    return refuse(message, "the mail is damaged: its text holds NUL bytes");
  }
  if (text.rfind("\xEF\xBB\xBF", 0) == 0) text.erase(0, 3);  // a byte order mark is no text
  Body body;
  body.from_html = part.media_type == "text/html";
  if (body.from_html) {
    GuardedHtml guarded = guard_html(text, limits);
    if (guarded.trap) return refuse(message, *std::move(guarded.trap));
    text = html_to_text(guarded.html, guarded.runs);
  }
  body.text = without_carriage_returns(std::move(text));
  if (!is_blank(body.text)) message.bodies.push_back(std::move(body));
}

void read_leaf(const LeafPart& part, const MailLimits& limits, Message& message) {
  const bool is_text = part.media_type == "text/plain" || part.media_type == "text/html";
  if (is_text && !part.is_attachment) {
    read_text(part, limits, message);
    return;
  }
  std::string name = decode_header_text(part.file_name);
  if (name.empty()) name = decode_header_text(part.media_type);
  message.attachments.push_back(std::move(name));
}

}  // namespace

Message decode_mail(std::string_view raw, const MailLimits& limits) {
  Message message;
  if (is_blank(raw.substr(0, limits.size))) {
    refuse(message, "the file is empty");
    return message;
  }
  MimeStructure mail = take_apart(raw, limits);
  message.refused = std::move(mail.refused);
  read_headers(mail.headers, message);
  for (const LeafPart& part : mail.leaves) read_leaf(part, limits, message);
  if (message.bodies.empty() && message.attachments.empty()) {
    refuse(message, "the mail holds no text that could be read");
  }
  return message;
}

}  // namespace paymentctl
