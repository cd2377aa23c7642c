/*
 * The libsrtp 3 calls that the mediasoup worker makes, offered over libsrtp 2 (2.4 or newer).
 *
 * Distributions ship libsrtp 2. Version 3 made the policy an opaque object and gave protect and unprotect separate
 * input and output buffers; the rest of what the worker uses has kept its names.
 *
 * Parley's own code under Parley's licence (Apache-2.0). It declares the interface of libsrtp (BSD-3-Clause, Cisco
 * Systems), whose own header it includes and whose library it calls; no libsrtp code is copied here.
 */
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <new>

// In libsrtp 2 `srtp_policy_t` is a plain struct, in libsrtp 3 a pointer to an opaque one: the older gives up its name.
#define srtp_policy_t srtp2_policy_t
#include <srtp2/srtp.h>
#undef srtp_policy_t

// Errors that only libsrtp 3 reports. libsrtp 2 ends at 27 and never returns these, except where this header does.
inline constexpr auto srtp_err_status_buffer_small = static_cast<srtp_err_status_t>(28);
inline constexpr auto srtp_err_status_cryptex_err  = static_cast<srtp_err_status_t>(29);

struct srtp3_policy
{
	srtp2_policy_t inner{};
	uint8_t key[SRTP_MAX_KEY_LEN]{};
};

using srtp_policy_t = srtp3_policy*;

inline srtp_err_status_t srtp_policy_create(srtp_policy_t* policy)
{
	*policy = new (std::nothrow) srtp3_policy;

	return *policy ? srtp_err_status_ok : srtp_err_status_alloc_fail;
}

inline void srtp_policy_destroy(srtp_policy_t policy)
{
	if (policy)
	{
		// The master key must not stay in freed memory; a plain memset before delete could be optimised away.
		volatile uint8_t* byte = policy->key;

		for (size_t i{ 0 }; i < sizeof(policy->key); ++i)
		{
			byte[i] = 0;
		}
	}

	delete policy;
}

inline srtp_err_status_t srtp_policy_set_ssrc(srtp_policy_t policy, srtp_ssrc_t ssrc)
{
	policy->inner.ssrc = ssrc;

	return srtp_err_status_ok;
}

inline srtp_err_status_t srtp_policy_set_profile(srtp_policy_t policy, srtp_profile_t profile)
{
	const auto err = srtp_crypto_policy_set_from_profile_for_rtp(&policy->inner.rtp, profile);

	return err ? err : srtp_crypto_policy_set_from_profile_for_rtcp(&policy->inner.rtcp, profile);
}

inline srtp_err_status_t srtp_policy_add_key(
  srtp_policy_t policy,
  const uint8_t* key,
  size_t keyLen,
  const uint8_t* salt,
  size_t saltLen,
  const uint8_t* mki,
  size_t mkiLen)
{
	// The worker uses no master key identifiers.
	if (mki || mkiLen || keyLen + saltLen > sizeof(policy->key))
	{
		return srtp_err_status_bad_param;
	}

	std::memcpy(policy->key, key, keyLen);
	std::memcpy(policy->key + keyLen, salt, saltLen);
	policy->inner.key = policy->key;

	return srtp_err_status_ok;
}

inline srtp_err_status_t srtp_policy_set_allow_repeat_tx(srtp_policy_t policy, bool allow)
{
	policy->inner.allow_repeat_tx = allow;

	return srtp_err_status_ok;
}

inline srtp_err_status_t srtp_policy_set_window_size(srtp_policy_t policy, size_t size)
{
	policy->inner.window_size = size;

	return srtp_err_status_ok;
}

inline srtp_err_status_t srtp_create(srtp_t* session, srtp_policy_t policy)
{
	return srtp_create(session, const_cast<const srtp2_policy_t*>(&policy->inner));
}

// NOTE: both versions take the SSRC in network byte order here, which is what the worker passes.
inline srtp_err_status_t srtp_stream_remove(srtp_t session, uint32_t ssrc)
{
	return srtp_remove_stream(session, ssrc);
}

namespace srtp3
{
	using InPlace = srtp_err_status_t (*)(srtp_t, void*, int*);

	// libsrtp 2 works in place, on a length it changes: copy to the output first where that is another buffer.
	inline srtp_err_status_t run(
	  InPlace operation, size_t growth, srtp_t session, const uint8_t* in, size_t inLen, uint8_t* out, size_t* outLen)
	{
		if (*outLen < inLen + growth)
		{
			return srtp_err_status_buffer_small;
		}

		if (in != out)
		{
			std::memcpy(out, in, inLen);
		}

		auto length    = static_cast<int>(inLen);
		const auto err = operation(session, out, &length);

		if (err == srtp_err_status_ok)
		{
			*outLen = static_cast<size_t>(length);
		}

		return err;
	}
} // namespace srtp3

inline srtp_err_status_t srtp_protect(
  srtp_t session, const uint8_t* rtp, size_t rtpLen, uint8_t* srtp, size_t* srtpLen, size_t /*mkiIndex*/)
{
	return srtp3::run(&::srtp_protect, SRTP_MAX_TRAILER_LEN, session, rtp, rtpLen, srtp, srtpLen);
}

inline srtp_err_status_t srtp_unprotect(
  srtp_t session, const uint8_t* srtp, size_t srtpLen, uint8_t* rtp, size_t* rtpLen)
{
	return srtp3::run(&::srtp_unprotect, 0, session, srtp, srtpLen, rtp, rtpLen);
}

inline srtp_err_status_t srtp_protect_rtcp(
  srtp_t session, const uint8_t* rtcp, size_t rtcpLen, uint8_t* srtcp, size_t* srtcpLen, size_t /*mkiIndex*/)
{
	constexpr size_t indexLen{ 4 };

	return srtp3::run(
	  &::srtp_protect_rtcp, SRTP_MAX_TRAILER_LEN + indexLen, session, rtcp, rtcpLen, srtcp, srtcpLen);
}

inline srtp_err_status_t srtp_unprotect_rtcp(
  srtp_t session, const uint8_t* srtcp, size_t srtcpLen, uint8_t* rtcp, size_t* rtcpLen)
{
	return srtp3::run(&::srtp_unprotect_rtcp, 0, session, srtcp, srtcpLen, rtcp, rtcpLen);
}
