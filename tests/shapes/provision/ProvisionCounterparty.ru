# A provision towards its own bearer.
DELETE { :provision trt:counterparty ?any } INSERT { :provision trt:counterparty :one } WHERE { :provision trt:counterparty ?any }
