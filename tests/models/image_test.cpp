#include "models/image.h"

#include <catch2/catch.hpp>
#include <memory>

#include "models/metrics.h"
#include "scenarios/experiment.h"
#include "scenarios/reader.h"
#include "tests/support/community.h"

using namespace trustfall;
using namespace trustfall::small;

namespace {

using Image = std::vector<std::uint8_t>;

constexpr std::size_t header = 24;  // mark, layout and checksum, 8 bytes each

Image part(const Image& image, std::size_t from, std::size_t size) {
  const auto first = image.begin() + static_cast<std::ptrdiff_t>(from);
  return {first, first + static_cast<std::ptrdiff_t>(size)};
}

/// Puts the checksum right that a change has broken: FNV-1a, 64 bits, of what follows the header.
Image forged(Image image) {
  std::uint64_t sum = 14695981039346656037u;
  for (std::size_t i = header; i < image.size(); ++i) sum = (sum ^ image[i]) * 1099511628211u;
  for (std::size_t i = 0; i < 8; ++i) image[16 + i] = static_cast<std::uint8_t>(sum >> (8 * i));
  return image;
}

std::vector<Trace> plays(const Model& model, std::uint32_t replicates) {
  std::vector<Trace> traces;
  Play play(model, Draws(81, 0));
  for (std::uint32_t r = 0; r < replicates; ++r) {
    play.reset(Draws(81, r));
    play.run();
    traces.push_back(play.trace());
  }
  return traces;
}

void check_same_plays(const std::vector<Trace>& traces, const Model& model) {
  std::size_t steps = 0;
  const std::vector<Trace> again = plays(model, static_cast<std::uint32_t>(traces.size()));
  for (std::size_t r = 0; r < traces.size(); ++r) {
    CHECK(same(traces[r], again[r]));
    steps += traces[r].size();
  }
  CHECK(steps > 20 * traces.size());
}

/// A model in which nothing is left out, with an estate that is not there any more once it is packed.
struct Gone {
  std::vector<Trace> traces;
  Image image;

  explicit Gone(std::uint32_t replicates) {
    const Estate estate = community();
    Model model = alarmed(estate);
    model.patching.vendors = VendorApproval{exponential_of(40000), 0.5};
    model.worm.crash_downtime = {Distribution::Shape::discrete, 0, 0, {60, 900}, {0.4, 1}};
    traces = plays(model, replicates);
    image = pack(model);
  }
};

}  // namespace

TEST_CASE("A packed model plays what it played before, and packs to the same bytes") {
  const Gone gone(20);
  const Unpacked unpacked = unpack(gone.image);
  REQUIRE(unpacked.estate);
  CHECK(unpacked.refused.empty());
  CHECK(pack(unpacked.model) == gone.image);
  check_same_plays(gone.traces, unpacked.model);
}

TEST_CASE("A packed scenario keeps its plays, its metrics and its names") {
  const std::string path = TRUSTFALL_SOURCE_DIR "/scenarios/district-hospital.yaml";
  Document document = read_scenario(path);
  std::vector<InputFile> inputs;
  const auto experiment = build_experiment(document, files_beside(path), inputs);
  const Estate& before = experiment->estate;
  const Unpacked unpacked = unpack(pack(experiment->model));
  REQUIRE(unpacked.estate);
  const Estate& after = *unpacked.estate;
  check_same_plays(plays(experiment->model, 5), unpacked.model);

  CHECK(after.networks() == before.networks());
  CHECK(after.zone_kinds() == before.zone_kinds());
  CHECK(after.models() == before.models());
  CHECK_FALSE(after.models().empty());
  for (std::size_t o = 0; o < before.organisations(); ++o) {
    CHECK(after[org(o)].name == before[org(o)].name);
    CHECK(after[org(o)].region == before[org(o)].region);
    CHECK(after.hosts_of(org(o)) == before.hosts_of(org(o)));
  }
  CHECK(samples(unpacked.model) == samples(experiment->model));
}

TEST_CASE("An image is little-endian: its mark is the first eight letters, a model ends with its last two fields") {
  const Estate estate = one_segment(3, 10);
  Model model = model_of(estate, {1}, 1h);
  model.large_from = 0.01;
  model.sample_every = 1h;
  const Image image = pack(model);
  CHECK(part(image, 0, 8) == Image{'T', 'R', 'U', 'S', 'T', 'F', 'A', 'L'});
  // 0.01 is 0x3f847ae147ae147b; an hour is 3.6e12 ns, 0x34630b8a000.
  CHECK(part(image, image.size() - 16, 8) == Image{0x7b, 0x14, 0xae, 0x47, 0xe1, 0x7a, 0x84, 0x3f});
  CHECK(part(image, image.size() - 8, 8) == Image{0x00, 0xa0, 0xb8, 0x30, 0x46, 0x03, 0x00, 0x00});
}

TEST_CASE("An image with one wrong byte is refused, and so is one that is cut short or goes on") {
  const Estate estate = one_segment(3, 10);
  const Image image = pack(model_of(estate, {1}, 1h));
  REQUIRE(unpack(image).estate);
  for (std::size_t i = 0; i < image.size(); ++i) {
    Image wrong = image;
    wrong[i] ^= 0x10;
    const Unpacked unpacked = unpack(wrong);
    INFO("byte " << i);
    CHECK_FALSE(unpacked.estate);
    CHECK(unpacked.model.estate == nullptr);
    CHECK(unpacked.refused == (i < 8    ? "this is not the image of a model"
                               : i < 16 ? "the image was packed by another version"
                                        : "the image is damaged"));
  }
  for (std::size_t size = 0; size < image.size(); ++size) {
    INFO(size << " bytes");
    CHECK(unpack(part(image, 0, size)).refused ==
          (size < header ? "this is not the image of a model" : "the image is damaged"));
  }
  Image longer = image;
  longer.push_back(0);
  CHECK(unpack(longer).refused == "the image is damaged");
}

TEST_CASE("An image that does not end where its model does is refused, even if its checksum is right") {
  const Estate estate = one_segment(3, 10);
  const Image image = pack(model_of(estate, {1}, 1h));
  CHECK(forged(image) == image);
  for (std::size_t size = header; size < image.size(); ++size) {
    INFO(size << " bytes");
    CHECK(unpack(forged(part(image, 0, size))).refused == "the image is damaged");
  }
  Image longer = image;
  longer.push_back(0);
  CHECK(unpack(forged(longer)).refused == "the image is damaged");
  // The number of organisations comes first: more than there are bytes, without asking for the memory.
  Image huge = image;
  for (std::size_t i = header; i < header + 8; ++i) huge[i] = 0xff;
  CHECK(unpack(forged(huge)).refused == "the image is damaged");
}
