/*
 * The names of ankerl::unordered_dense that the mediasoup worker uses, offered over the standard library's containers.
 *
 * NOTE: std::unordered_map promises more than the original (references stay valid on insert and erase, erase never
 * moves other elements), so code written for the original is safe with it. The reverse does not hold for most other
 * hash maps, absl::flat_hash_map among them.
 *
 * Parley's own code under Parley's licence (Apache-2.0). It offers an interface of unordered_dense (MIT, Martin
 * Leitner-Ankerl); no code of it is copied here.
 */
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <unordered_map>
#include <unordered_set>

namespace ankerl::unordered_dense
{
	// The original mixes its hashes well and the worker combines several of them, while std::hash of an integer is that
	// integer. The 64-bit finaliser of SplitMix64 (public domain) spreads them.
	template<typename T>
	struct hash
	{
		size_t operator()(const T& value) const noexcept
		{
			uint64_t x = std::hash<T>{}(value) + 0x9e3779b97f4a7c15ULL;

			x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ULL;
			x = (x ^ (x >> 27)) * 0x94d049bb133111ebULL;

			return static_cast<size_t>(x ^ (x >> 31));
		}
	};

	template<typename Key, typename Value, typename Hash = hash<Key>, typename Equal = std::equal_to<Key>>
	using map = std::unordered_map<Key, Value, Hash, Equal>;

	template<typename Key, typename Hash = hash<Key>, typename Equal = std::equal_to<Key>>
	using set = std::unordered_set<Key, Hash, Equal>;
} // namespace ankerl::unordered_dense
