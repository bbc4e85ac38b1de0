/// An e-mail address that an account has given up for another.
///
/// Programs may still take the address for the person who had it, and so may people. It is therefore kept for them a while.
public enum FreedAddress {
    /// The time for which no other account can have the address. The account that gave it up may take it back.
    public static let wait = Duration.seconds(30 * 86_400)

    /// The largest number of addresses that are kept for one account, which then cannot change its address. So no account can keep
    /// addresses from their owners by taking one after another.
    public static let mostPerAccount = 5
}
