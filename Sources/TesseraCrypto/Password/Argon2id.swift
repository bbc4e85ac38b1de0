import TesseraCArgon2
import TesseraCOpenSSL

/// argon2id, version 19 (RFC 9106).
///
/// All bytes of a password count: none is cut off, and NUL is an ordinary byte. Blocks the calling thread for tens of
/// milliseconds; a server uses ``PasswordHasher``.
public enum Argon2id {
    /// Hashes `password` to the stored text `$argon2id$v=19$m=…,t=…,p=…$SALT$HASH`, with a hash of 32 bytes.
    ///
    /// - Parameter salt: 8 to 64 bytes, usually 16, never used twice.
    /// - Throws: ``PasswordError/outOfResources``.
    public static func hash(
        _ password: Secret, salt: [UInt8], parameters: Argon2Parameters = .standard
    ) throws(PasswordError) -> String {
        precondition((8...64).contains(salt.count), "a salt has 8 to 64 bytes")
        let hash = try rawHash(password, salt: salt, parameters: parameters, count: 32)
        return PHCString(parameters: parameters, salt: salt, hash: hash).text
    }

    /// Reports whether `phc` was made from `password`, in constant time.
    ///
    /// - Throws: ``PasswordError/malformedHash`` if `phc` is not an argon2id hash; ``PasswordError/outOfResources``.
    public static func verify(_ password: Secret, against phc: String) throws(PasswordError) -> Bool {
        guard let stored = PHCString(phc) else { throw .malformedHash }
        let hash = try rawHash(
            password, salt: stored.salt, parameters: stored.parameters, count: stored.hash.count)
        return ConstantTime.areEqual(hash, stored.hash)
    }

    /// Reports whether the next sign-in should replace the stored hash, because its cost, salt length or hash length
    /// differs from the present ones, or because it cannot be parsed.
    public static func needsRehash(_ phc: String, parameters: Argon2Parameters = .standard) -> Bool {
        guard let stored = PHCString(phc) else { return true }
        return stored.parameters != parameters || stored.salt.count < 16 || stored.hash.count != 32
    }

    private static func rawHash(
        _ password: Secret, salt: [UInt8], parameters: Argon2Parameters, count: Int
    ) throws(PasswordError) -> [UInt8] {
        var hash = [UInt8](repeating: 0, count: count)
        let outcome = password.withUnsafeBytes { password in
            argon2id_hash_raw(
                UInt32(parameters.passes), UInt32(parameters.memory), UInt32(parameters.lanes),
                password.baseAddress, password.count, salt, salt.count, &hash, count)
        }
        // The lengths and costs have been checked, so only memory and threads can be lacking.
        guard outcome == ARGON2_OK.rawValue else { throw .outOfResources }
        return hash
    }
}
