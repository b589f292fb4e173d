#pragma once

#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

#include "model/document.hpp"
#include "model/match_result.hpp"
#include "model/payment.hpp"

namespace paymentctl {

/// Members keep the order in which they were written.
using Json = nlohmann::ordered_json;

/// One object of at most 1 MiB and 32 levels; invalid UTF-8, trailing text or anything but
/// an object: Error(data) that says where in the line.
Json json_object(std::string_view text);

/// One line without a line break; every invalid byte was already refused by whoever made `value`.
std::string to_line(const Json& value);

/// The members of the interface in its order; every absent value is null.
Json to_json(const Source& source);
Json to_json(const Payment& payment);  ///< with "type":"payment" in front
Json to_json(const Document& document);
Json to_json(const DocumentRef& document);

/// "type":"match" around `payment`, which is passed on as it came, unknown members included.
Json to_json(const MatchResult& result, Json payment);

/// Throw Error(data) that names the member, what it holds and what it should hold.
Source source_from_json(const Json& json);
Payment payment_from_json(const Json& json);
MatchResult match_from_json(const Json& json);
DocumentRef document_ref_from_json(const Json& json);

}  // namespace paymentctl
