>> {"jsonrpc":"2.0","id":1,"method":"service.status"}
<< {"jsonrpc":"2.0","id":1,"result":{"state":"ready","version":"0.1.0","revision":7}}
