/** Every name of MongoDB 7.0's surface, from its manual: commands, operators, stages, accumulators and index options. */

const words = (text: string): readonly string[] => text.trim().split(/\s+/);

/** https://www.mongodb.com/docs/v7.0/reference/command/ */
export const COMMANDS = words(`
  abortReshardCollection abortTransaction addShard addShardToZone aggregate analyze analyzeShardKey appendOplogNote
  applyOps authenticate autoCompact autoSplitVector balancerCollectionStatus balancerStart balancerStatus balancerStop
  buildInfo bulkWrite captrunc checkMetadataConsistency checkShardingIndex cleanupOrphaned
  cleanupReshardCollection cleanupStructuredEncryptionData clearJumboFlag cloneCollectionAsCapped collMod collStats
  commitReshardCollection commitTransaction compact compactStructuredEncryptionData configureCollectionBalancing
  configureQueryAnalyzer connPoolStats connPoolSync connectionStatus convertToCapped coordinateCommitTransaction count
  create createIndexes createRole createSearchIndexes createUser currentOp cursorInfo dataSize dbHash dbStats delete
  distinct driverOIDTest drop dropAllRolesFromDatabase dropAllUsersFromDatabase dropConnections dropDatabase dropIndexes
  dropRole dropSearchIndex dropUser enableSharding endSessions explain features filemd5 find findAndModify flushRouterConfig
  fsync fsyncUnlock geoSearch getAuditConfig getClusterParameter getCmdLineOpts getDefaultRWConcern getLog getMore
  getParameter getShardMap getShardVersion godinsert grantPrivilegesToRole grantRolesToRole grantRolesToUser hello hostInfo
  insert internalRenameIfOptionsAndIndexesMatch invalidateUserCache isMaster ismaster isdbgrid killAllSessions
  killAllSessionsByPattern killCursors killOp killSessions listCollections listCommands listDatabases listIndexes
  listSearchIndexes listShards lockInfo logApplicationMessage logRotate logout mapReduce medianKey mergeAllChunksOnShard
  mergeChunks modifyShard moveChunk moveCollection movePrimary moveRange netstat ping planCacheClear planCacheClearFilters planCacheListFilters
  planCacheSetFilter prepareTransaction profile reIndex refineCollectionShardKey refreshSessions removeShard
  removeShardFromZone renameCollection replSetAbortPrimaryCatchUp replSetFreeze replSetGetConfig replSetGetStatus
  replSetInitiate replSetMaintenance replSetReconfig replSetResizeOplog replSetStepDown replSetSyncFrom reshardCollection
  resetError revokePrivilegesFromRole revokeRolesFromRole revokeRolesFromUser rolesInfo rotateCertificates saslContinue
  saslStart serverStatus setAllowMigrations setAuditConfig setClusterParameter setDefaultRWConcern
  setFeatureCompatibilityVersion setIndexCommitQuorum setParameter setProfilingLevel setShardVersion
  setUserWriteBlockMode shardCollection shardConnPoolStats shardingState shutdown sleep split splitVector startSession
  startRecordingTraffic stopRecordingTraffic top transitionFromDedicatedConfigServer unsetSharding unshardCollection update updateRole
  updateSearchIndex updateUser updateZoneKeyRange usersInfo validate validateDBMetadata voteCommitIndexBuild
  waitForFailPoint whatsmysni whatsmyuri eval group copydb clone parallelCollectionScan getLastError getPrevError
`);

/** https://www.mongodb.com/docs/v7.0/reference/operator/query/ */
export const FIELD_OPERATORS = words(`
  $eq $gt $gte $in $lt $lte $ne $nin $not $exists $type $mod $regex $options $all $elemMatch $size
  $bitsAllClear $bitsAllSet $bitsAnyClear $bitsAnySet
  $geoIntersects $geoWithin $near $nearSphere $within $maxDistance $minDistance $box $center $centerSphere $geometry $polygon
  $uniqueDocs $text $where
`);
export const FILTER_OPERATORS = words(`
  $and $or $nor $expr $comment $alwaysTrue $alwaysFalse $jsonSchema $text $where $rand $natural $sampleRate
`);

/** https://www.mongodb.com/docs/v7.0/reference/operator/update/ */
export const UPDATE_OPERATORS = words(`
  $currentDate $inc $min $max $mul $rename $set $setOnInsert $unset $addToSet $pop $pull $push $pullAll $bit
  $pushAll $isolated $atomic
`);
export const PUSH_MODIFIERS = words('$position $slice $sort $other');

/** https://www.mongodb.com/docs/v7.0/reference/operator/aggregation-pipeline/ */
export const STAGES = words(`
  $addFields $bucket $bucketAuto $changeStream $changeStreamSplitLargeEvent $collStats $count $currentOp $densify
  $documents $facet $fill $geoNear $graphLookup $group $indexStats $limit $listLocalSessions $listSampledQueries
  $listSearchIndexes $listSessions $lookup $match $merge $out $planCacheStats $project $redact $replaceRoot $replaceWith
  $sample $search $searchMeta $set $setWindowFields $shardedDataDistribution $skip $sort $sortByCount $unionWith $unset
  $unwind $vectorSearch
`);

/** https://www.mongodb.com/docs/v7.0/reference/operator/aggregation/ */
export const EXPRESSIONS = words(`
  $abs $accumulator $acos $acosh $add $addToSet $allElementsTrue $and $anyElementTrue $arrayElemAt $arrayToObject $asin
  $asinh $atan $atan2 $atanh $avg $binarySize $bitAnd $bitNot $bitOr $bitXor $bottom $bottomN $bsonSize $ceil $cmp $concat
  $concatArrays $cond $convert $cos $cosh $count $covariancePop $covarianceSamp $dateAdd $dateDiff $dateFromParts
  $dateFromString $dateSubtract $dateToParts $dateToString $dateTrunc $dayOfMonth $dayOfWeek $dayOfYear
  $degreesToRadians $denseRank $derivative $divide $documentNumber $eq $exp $expMovingAvg $filter $first $firstN $floor
  $function $getField $gt $gte $hour $ifNull $in $indexOfArray $indexOfBytes $indexOfCP $integral $isArray $isNumber
  $isoDayOfWeek $isoWeek $isoWeekYear $last $lastN $let $linearFill $literal $ln $locf $log $log10 $lt $lte $ltrim $map
  $max $maxN $median $mergeObjects $meta $millisecond $min $minN $minute $mod $month $multiply $ne $not $objectToArray $or
  $percentile $pow $push $radiansToDegrees $rand $range $rank $reduce $regexFind $regexFindAll $regexMatch $replaceAll
  $replaceOne $reverseArray $round $rtrim $sampleRate $second $setDifference $setEquals $setField $setIntersection
  $setIsSubset $setUnion $shift $sin $sinh $size $slice $sortArray $split $sqrt $stdDevPop $stdDevSamp $strLenBytes
  $strLenCP $strcasecmp $substr $substrBytes $substrCP $subtract $sum $switch $tan $tanh $toBool $toDate $toDecimal
  $toDouble $toHashedIndexKey $toInt $toLong $toLower $toObjectId $toString $toUUID $toUpper $top $topN $trim $trunc $tsIncrement $tsSecond
  $type $unsetField $week $year $zip
`);

/** https://www.mongodb.com/docs/v7.0/reference/operator/aggregation/group/ and those of windows only. */
export const ACCUMULATORS = words(`
  $accumulator $addToSet $avg $bottom $bottomN $count $first $firstN $last $lastN $max $maxN $median $mergeObjects $min
  $minN $percentile $push $stdDevPop $stdDevSamp $sum $top $topN
  $covariancePop $covarianceSamp $denseRank $derivative $documentNumber $expMovingAvg $integral $linearFill $locf $rank $shift
`);

/** https://www.mongodb.com/docs/v7.0/reference/command/createIndexes/ with a value for each. */
export const INDEX_OPTIONS: Readonly<Record<string, unknown>> = {
  unique: true,
  sparse: true,
  hidden: true,
  partialFilterExpression: { a: 1 },
  expireAfterSeconds: 60,
  collation: { locale: 'en', strength: 2 },
  storageEngine: {},
  weights: { a: 1 },
  default_language: 'english',
  language_override: 'language',
  textIndexVersion: 3,
  '2dsphereIndexVersion': 3,
  bits: 26,
  min: 0,
  max: 10,
  bucketSize: 1,
  wildcardProjection: { a: 1 },
  clustered: true,
  prepareUnique: true,
  v: 1,
};
