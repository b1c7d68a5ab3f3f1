#include "scenarios/reference.h"

#include <catch2/catch.hpp>
#include <set>

#include "scenarios/fields.h"
#include "scenarios/quantity.h"
#include "sim/base/error.h"
#include "sim/schema/scenario.pb.h"

using namespace trustfall;

TEST_CASE("Every fallback in the schema can be read, and every number has a unit") {
  const auto check = [](const google::protobuf::Descriptor& type, const auto& self) -> void {
    for (int i = 0; i < type.field_count(); ++i) {
      const google::protobuf::FieldDescriptor& field = *type.field(i);
      INFO(field.full_name());
      CHECK((field.options().HasExtension(schema::doc) || i == 0));
      const std::string& unit = field.options().GetExtension(schema::unit);
      const std::string& fallback = field.options().GetExtension(schema::fallback);
      const bool number = field.cpp_type() == google::protobuf::FieldDescriptor::CPPTYPE_DOUBLE ||
                          field.cpp_type() == google::protobuf::FieldDescriptor::CPPTYPE_UINT32 ||
                          field.cpp_type() == google::protobuf::FieldDescriptor::CPPTYPE_UINT64;
      CHECK((!number || (!unit.empty() && !field.is_repeated())));
      if (number && !fallback.empty()) {
        const auto value = parse_quantity(fallback, unit, "2017-05-12T08:44:00+01:00").value;
        REQUIRE(value.has_value());
        CHECK(*value >= limit_of(field, Limit::least).value_or(*value));
        CHECK(*value <= limit_of(field, Limit::most).value_or(*value));
      }
      if (field.enum_type() != nullptr && !fallback.empty())
        CHECK(field.enum_type()->FindValueByName(fallback) != nullptr);
      if (field.message_type() != nullptr) self(*field.message_type(), self);
    }
  };
  check(*schema::Scenario::descriptor(), check);
}

TEST_CASE("Help knows paths, fields, sections and words") {
  CHECK(help_for("patching.campaign.coverage") ==
        "patching.campaign.coverage\n  a share from 0 to 1 (or 0% to 100%)\n"
        "  Coverage reached at its end.\n  required\n");
  CHECK(help_for("worm.attempts.n3").find("worm.attempts\n  by zone: Attempts\n") == 0);
  CHECK(help_for("worm.attempts.n3.rate").find("a rate from 0 to 1000000/s") != std::string::npos);
  CHECK(help_for("coverage").find("backups.<name>.coverage") != std::string::npos);
  CHECK(help_for("Pool").find("each_connected") != std::string::npos);
  CHECK(help_for("device_class").find("infusion") != std::string::npos);
  CHECK(help_for("").find("patching") != std::string::npos);
  for (const auto& [wrong, right] :
       {std::pair{"covrage", "coverage"}, {"worm.atempts", "worm.attempts"}, {"Fierwall", "Firewall"}}) {
    try {
      help_for(wrong);
      FAIL("no mistake in " << wrong);
    } catch (const InputError& error) {
      REQUIRE(error.mistakes().size() == 1);
      CHECK(error.mistakes()[0].suggestion == right);
    }
  }
}

TEST_CASE("Schema and reference name every field") {
  const std::string json = json_schema();
  const std::string page = reference_page();
  std::set<std::string> names = {"each_connected", "the_segment"};
  const auto collect = [&](const google::protobuf::Descriptor& type, const auto& self) -> void {
    for (int i = 0; i < type.field_count(); ++i) {
      const google::protobuf::FieldDescriptor& field = *type.field(i);
      const bool key = i == 0 && type.options().GetExtension(schema::keyed);
      if (field.options().GetExtension(schema::hidden)) continue;
      if (!key && names.insert(field.name()).second && field.message_type() != nullptr)
        self(*field.message_type(), self);
    }
  };
  collect(*schema::Scenario::descriptor(), collect);
  CHECK(names.size() > 100);
  for (const std::string& name : names) {
    INFO(name);
    CHECK(json.find('"' + name + '"') != std::string::npos);
    CHECK(page.find('`' + name + '`') != std::string::npos);
  }
  CHECK(json.find("ledger") == std::string::npos);  // the reader writes it, no file may
}
