#include "platform/name_list.hpp"

#include <algorithm>
#include <string>

#include <catch2/catch.hpp>

using paymentctl::NameList;

TEST_CASE("Names are kept whole and sorted by their bytes") {
  std::vector<std::string> given;
  for (int i = 0; i < 1000; ++i) given.push_back(std::to_string(i * 7919 % 1000) + ".eml");
  given.insert(given.end(), {"Ž.eml", "a", "B", "aa", "", "žluťoučký kůň.eml"});
  NameList names;
  for (const std::string& name : given) names.push_back(name);
  names.sort();
  std::sort(given.begin(), given.end());
  REQUIRE(names.size() == given.size());
  for (std::size_t i = 0; i < given.size(); ++i) CHECK(names[i] == given[i]);
}
