// Some clients send null where others send nothing.
>> {"jsonrpc":"2.0","id":"a","method":"session.hello","params":null}
<< {"jsonrpc":"2.0","id":"a","result":{"server":"amp-tray","version":"0.1.0","protocol":"1.0","pid":4242,"revision":7}}
// An empty list of positional params is none, too.
>> {"jsonrpc":"2.0","id":"b","method":"session.hello","params":[]}
<< {"jsonrpc":"2.0","id":"b","result":{"server":"amp-tray","version":"0.1.0","protocol":"1.0","pid":4242,"revision":7}}
