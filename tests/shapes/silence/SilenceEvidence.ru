# A silence that stands nowhere.
DELETE { :place trt:evidence ?any } WHERE { :place trt:evidence ?any }
