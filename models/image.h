#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "models/model.h"

namespace trustfall {

/// A model and its estate as bytes, the same on every machine: for programs that have no scenario reader. The estate
/// goes as its columns, so it is not built again.
std::vector<std::uint8_t> pack(const Model& model);

/// What came of an image.
struct Unpacked {
  std::unique_ptr<const Estate> estate;  // the model points to it; empty when the image was refused
  Model model;
  std::string_view refused;  // why; empty when it was not
};

/// Brings back what `pack` of the same version wrote. Refuses what is no image, was packed by another version, or is
/// damaged; a checksum finds damage, but not what somebody has forged.
Unpacked unpack(std::span<const std::uint8_t> image);

}  // namespace trustfall
