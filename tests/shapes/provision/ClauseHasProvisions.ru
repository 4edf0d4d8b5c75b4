# A clause without provisions.
DELETE { :provision trt:inClause ?any } WHERE { :provision trt:inClause ?any }
