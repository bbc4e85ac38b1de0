import TesseraCOpenSSL

/// HMAC with SHA-256 — RFC 2104, FIPS 198-1.
public enum HMACSHA256 {
    /// The authentication code of `message` under `key`, which may have any length.
    public static func code(for message: [UInt8], key: Secret) -> SHA256Digest {
        SHA256Digest { output in
            key.withUnsafeBytes { key in
                let done = HMAC(
                    SHA256.algorithm, key.baseAddress, Int32(key.count), message, message.count, output, nil)
                // Only an allocation inside libcrypto can fail; a code of zeros could be guessed.
                precondition(done != nil, "libcrypto cannot compute HMAC-SHA-256")
            }
        }
    }

    /// Whether `code` is the authentication code of `message` under `key`; takes the same time for every
    /// wrong code of 32 bytes.
    public static func isValid(_ code: [UInt8], for message: [UInt8], key: Secret) -> Bool {
        ConstantTime.areEqual(code, self.code(for: message, key: key).bytes)
    }
}
