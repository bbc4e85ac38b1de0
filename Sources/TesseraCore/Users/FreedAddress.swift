/// An e-mail address that an account has given up for another.
///
/// Programs may still take the address for the person who had it, and so may people. It is therefore kept for them a while.
public enum FreedAddress {
    /// How long no other account can have the address. The account that gave it up may take it back.
    public static let wait = Duration.seconds(30 * 86_400)

    /// How many addresses are kept for one account: with so many, it changes its address no more. So nobody keeps addresses
    /// from their owners by going through them.
    public static let mostPerAccount = 5
}
