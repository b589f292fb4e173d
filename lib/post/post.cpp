#include "post/post.hpp"

#include "model/error.hpp"
#include "post/poster.hpp"

namespace paymentctl {
namespace {

constexpr int payments_a_transaction = 1000;

/// A fault of one mail or payment; anything else is the ledger's, and stops all.
bool concerns_one(const Error& error) {
  return error.code() == ExitCode::data || error.code() == ExitCode::software;
}

/// A payment for which asking the rules fails must not be asked for ever.
void set_aside(Ledger& ledger, const PostSettings& settings, const PaymentRow& row,
               const Error& error) {
  PaymentOutcome outcome;
  outcome.status = row.status;
  outcome.rule = row.rule;
  outcome.unallocated = row.unallocated;
  outcome.why = std::string("it could not be matched: ") + error.what();
  update_outcome(ledger, settings.box, row.id, outcome);
}

PostedMail post_under_savepoint(Ledger& ledger, Poster& poster, const MailToPost& mail) {
  PostedMail posted;
  try {
    ledger.transaction([&] { posted = poster.post(mail); });
  } catch (const Error& error) {
    if (!concerns_one(error)) throw;
    posted = {};
    posted.sha256 = mail.sha256;
    posted.error = error.what();
  }
  return posted;
}

template <typename Post>
std::vector<PostedMail> post_all(Ledger& ledger, const PostSettings& settings,
                                 const std::vector<MailToPost>& mails, Post&& post) {
  std::vector<PostedMail> posted;
  posted.reserve(mails.size());
  ledger.transaction([&] {
    posted.clear();
    Poster poster(ledger, settings);
    poster.expect(mails);
    for (const MailToPost& mail : mails) posted.push_back(post(poster, mail));
  });
  return posted;
}

}  // namespace

std::vector<PostedMail> post_mails(Ledger& ledger, const PostSettings& settings,
                                   const std::vector<MailToPost>& mails) {
  // Hardly ever does a mail fail, and a savepoint costs a copy of every page that it touches. So
  // they are taken only when one did and all was rolled back.
  try {
    return post_all(ledger, settings, mails,
                    [](Poster& poster, const MailToPost& mail) { return poster.post(mail); });
  } catch (const Error& error) {
    if (!concerns_one(error)) throw;
  }
  return post_all(ledger, settings, mails, [&](Poster& poster, const MailToPost& mail) {
    return post_under_savepoint(ledger, poster, mail);
  });
}

std::vector<PostedPayment> settle_waiting(Ledger& ledger, const PostSettings& settings) {
  std::vector<PostedPayment> settled;
  const std::int64_t revision = company_revision(ledger, settings.box);
  for (const PaymentStatus status : {PaymentStatus::unmatched, PaymentStatus::ambiguous}) {
    bool more = true;
    while (more) {
      std::vector<PostedPayment> page;
      ledger.transaction([&] {
        page.clear();
        const auto rows =
            waiting_payments(ledger, settings.box, status, revision, payments_a_transaction);
        more = rows.size() == payments_a_transaction;
        Poster poster(ledger, settings);
        for (const PaymentRow& row : rows) {
          try {
            ledger.transaction([&] {
              PostedPayment payment = poster.settle(row, false);
              if (!payment.match.allocations.empty()) page.push_back(std::move(payment));
            });
          } catch (const Error& error) {
            if (!concerns_one(error)) throw;
            set_aside(ledger, settings, row, error);
          }
        }
      });
      settled.insert(settled.end(), std::make_move_iterator(page.begin()),
                     std::make_move_iterator(page.end()));
    }
  }
  return settled;
}

}  // namespace paymentctl
