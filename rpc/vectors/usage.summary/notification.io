// Without an id it is a notification, and gets no answer.
>> {"jsonrpc":"2.0","method":"usage.summary"}
// Nor does one that fails.
>> {"jsonrpc":"2.0","method":"usage.summary","params":{"day":1}}
