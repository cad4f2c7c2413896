#pragma once

#include "entry_points.hpp"

namespace yolox::embed {

/**
 * Returns the functions that Java made for C; the first call starts the virtual machine, or takes
 * the one that the process has already. A start that failed may be tried again.
 *
 * @param runtime where and how
 * @throws Failure if there is none that can be used
 */
const EntryPoints& entry_points(const yolox_runtime& runtime);

/** Returns the same functions; null before they have been asked for with success. */
const EntryPoints* started() noexcept;

}  // namespace yolox::embed
