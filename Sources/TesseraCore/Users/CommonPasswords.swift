/// The words of the most common passwords, which are tried first when passwords are guessed.
///
/// A list of whole passwords would need every combination of a word with digits and signs; a list of words does not.
enum CommonPasswords {
    static let all: [String] = [
        "password", "passwort", "passw0rd", "p@ssword", "p@ssw0rd", "pa55word", "motdepasse", "contraseña",
        "wachtwoord", "123456", "654321", "123123", "111111", "000000", "qwerty", "qwertz", "azerty",
        "asdfgh", "zxcvbn", "1q2w3e", "1qaz2wsx", "abc123", "abcdef", "abcd1234", "iloveyou", "ilove",
        "loveyou", "letmein", "welcome", "willkommen", "bienvenue", "monkey", "dragon", "master",
        "sunshine", "princess", "princess1", "football", "baseball", "basketball", "superman", "batman",
        "spiderman", "pokemon", "starwars", "trustno1", "shadow", "michael", "jordan", "jennifer",
        "michelle", "jessica", "charlie", "ashley", "daniel", "thomas", "matthew", "andrew", "joshua",
        "computer", "internet", "samsung", "google", "facebook", "microsoft", "windows", "linkedin",
        "administrator", "admin", "root", "user", "guest", "login", "secret", "changeme", "default",
        "test1234", "testing", "temporary", "pass1234", "hello", "freedom", "whatever", "nothing", "killer",
        "hunter", "access", "flower", "cheese", "summer", "winter", "spring", "autumn", "sommer", "january",
        "february", "october", "november", "december", "monday", "friday", "liverpool", "chelsea",
        "arsenal", "barcelona", "mustang", "corvette", "ferrari", "mercedes", "porsche", "harley", "jesus",
        "christ", "angel", "chocolate", "butterfly", "mylove", "babygirl", "nicole", "lovely", "fuckyou",
        "asshole", "money", "hottie", "tinkerbell", "purple", "orange", "banana", "pepper", "ginger",
        "cookie", "correcthorsebatterystaple", "correct-horse-battery-staple", "tobeornottobe",
        "thequickbrownfox", "thequickbrownfoxjumpsoverthelazydog", "thequickbrownfoxjumps", "loremipsum",
        "loremipsumdolorsit", "maytheforcebewithyou", "correct horse battery staple", "to be or not to be",
        "the quick brown fox", "may the force be with you", "lorem ipsum dolor",
    ]
}
