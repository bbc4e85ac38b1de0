// TesseraCrypto owns what turns bytes into digests, codes and random bytes, and the hashing of passwords. It
// is the only target that imports OpenSSL's libcrypto and libargon2, as thin functions around the C calls;
// everything above it sees Swift values. It depends on no other target. Begin with `SHA256.swift` for how a
// C call is wrapped, and with `Password/PasswordHasher.swift` for the one part that has threads.
