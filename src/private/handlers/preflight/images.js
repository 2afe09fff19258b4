'use strict';

const { DescribeImagesCommand, ECRClient } = require('@aws-sdk/client-ecr');

/** Registry, Region, repository, tag or digest of an image in Amazon ECR. */
const ECR = /^(\d{12})\.dkr[.-]ecr(?:-fips)?\.([a-z0-9-]+)\.[^/]+\/(.+?)(?::([^:@/]+))?(?:@(sha256:[0-9a-f]+))?$/;

/** What is wrong with an image; undefined where it is there, or where it is none of ECR. */
async function imageProblem(image) {
  const parts = ECR.exec(image);
  if (parts === null) return undefined;
  const [, registryId, region, repositoryName, tag, imageDigest] = parts;
  const imageId = imageDigest === undefined ? { imageTag: tag ?? 'latest' } : { imageDigest };
  try {
    await new ECRClient({ region }).send(new DescribeImagesCommand({ registryId, repositoryName, imageIds: [imageId] }));
    return undefined;
  } catch (problem) {
    const name = `${repositoryName}${imageDigest === undefined ? `:${imageId.imageTag}` : `@${imageDigest}`}`;
    const place = `account ${registryId} in ${region}`;
    switch (problem.name) {
      case 'RepositoryNotFoundException': return `image ${name}: ${place} has no repository ${repositoryName}; create it and push the image, or correct its name`;
      case 'ImageNotFoundException': return `image ${name} is not in its repository of ${place}; push it, or correct the tag or digest`;
      default: return `image ${name} of ${place} could not be looked at (${problem.name}): ${problem.message}`;
    }
  }
}

module.exports = { imageProblem };
