// TesseraCrypto: digests, authentication codes, random bytes and the hashing of passwords.
//
// The only target that imports libcrypto and libargon2. Thin functions wrap the C calls; code above them sees Swift
// values. Depends on no other target. Begin with `SHA256.swift`, which shows how a C call is wrapped, and with
// `Password/PasswordHasher.swift`, the only part with threads.
