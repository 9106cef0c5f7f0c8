// Every queue, body, retry and wait of this package.
export const kTextBytes = 8192;             // of one message; the server refuses more
export const kOutbox = 20;                  // messages not acknowledged, all tabs together
export const kPage = 100;                   // messages the server gives at once
export const kPages = 50;                   // read when a conversation is taken up again
export const kEventChars = 1 << 20;         // one event of a stream
export const kTries = 40;                   // automatic attempts; then the person or the network asks
export const kFirstWait = 1_000;            // ms; doubles
export const kLongestWait = 30_000;
export const kLongestRetryAfter = 120_000;  // whatever a server asks
export const kRequestTime = 60_000;         // then the same message is sent again, under its id
export const kSilence = 45_000;             // three pings of a stream missed: it is dead
export const kSlice = 1 << 19;              // bytes of a file in one request: little is sent twice, and progress shows
export const kLooks = 30;                   // at a file that is being checked
export const kLookWait = 2_000;
export const kForgetAfter = 24 * 3600_000;  // a device that was not used forgets the conversation
